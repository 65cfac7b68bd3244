import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { extentOf } from './flow-extent';

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
const flow = (nodes: PanelNode[], changes: Partial<PanelFlow> = {}): PanelFlow =>
  ({ startedTs: 1_000, durationMs: 500, status: 'ok', nodes: createFlowNodes(nodes), ...changes }) as PanelFlow;

describe('extentOf', () => {
  it('holds every node and the flow itself', () => {
    expect(extentOf(flow([node({ startedTs: 1_010 })]))).toMatchObject({ fromMs: -20, toMs: 500, queuedMs: 0 });
    expect(extentOf(flow([node({ endedTs: 1_900, durationMs: 800 })]))).toMatchObject({ fromMs: 0, toMs: 900 });
    expect(extentOf(flow([], { durationMs: null }))).toMatchObject({ fromMs: 0, toMs: 1, queuedMs: 0 });
  });

  it('tells the time before the first checkpoint', () => {
    expect(extentOf(flow([node({}), node({ id: '2', startedTs: 1_300 })])).queuedMs).toBe(70);
  });

  it('knows whether anything runs', () => {
    expect(extentOf(flow([node({})])).isRunning).toBe(false);
    expect(extentOf(flow([], { status: 'running' })).isRunning).toBe(true);
    expect(extentOf(flow([node({ status: 'running', durationMs: null })])).isRunning).toBe(true);
  });
});
