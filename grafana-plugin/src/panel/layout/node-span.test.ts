import type { PanelNode } from '../../frames/panel-flow';
import { beginOf, endOf } from './node-span';

const node = (changes: Partial<PanelNode>): PanelNode => ({
  id: '1',
  parentId: null,
  checkpoint: 'x',
  status: 'ok',
  startedTs: 1_100,
  endedTs: null,
  durationMs: 30,
  error: null,
  attributes: {},
  ...changes,
});
const span = (item: PanelNode, nowTs = 0) => [beginOf(item), endOf(item, nowTs)];

describe('the span of a node', () => {
  it('ends at the time of an instant one, and a duration after the begin of a timed one', () => {
    expect(span(node({}))).toEqual([1_070, 1_100]);
    expect(span(node({ endedTs: 1_130 }))).toEqual([1_100, 1_130]);
    expect(span(node({ endedTs: 1_150, durationMs: null }))).toEqual([1_100, 1_150]);
  });

  it('lasts until now while the node runs, and never ends before it began', () => {
    const running = node({ status: 'running', durationMs: null });
    expect(span(running, 5_000)).toEqual([1_100, 5_000]);
    expect(span(running, 0)).toEqual([1_100, 1_100]);
  });
});
