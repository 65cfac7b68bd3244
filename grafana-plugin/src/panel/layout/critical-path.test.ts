import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { criticalPath } from './critical-path';
import { createForest } from './forest';

const span = (id: string, parentId: string | null, from: number, to: number | null): PanelNode => ({
  id,
  parentId,
  checkpoint: 'step',
  status: to === null ? 'running' : 'ok',
  startedTs: from,
  endedTs: to,
  durationMs: to === null ? null : to - from,
  error: null,
  attributes: {},
});

function pathOf(...nodes: PanelNode[]): string[] {
  const forest = createForest(createFlowNodes(nodes));
  forest.update();
  return [...criticalPath(forest)].map((index) => nodes[index]?.id ?? '').sort();
}

describe('the critical path', () => {
  it('is every step of a sequence', () => {
    expect(pathOf(span('a', null, 0, 10), span('b', null, 10, 20), span('c', null, 25, 30))).toEqual(['a', 'b', 'c']);
  });

  it('is of parallel children the one that ended last, and who ended before that began', () => {
    const path = pathOf(
      span('root', null, 0, 100),
      span('before', 'root', 0, 30),
      span('short', 'root', 35, 60),
      span('long', 'root', 40, 90),
    );
    expect(path).toEqual(['before', 'long', 'root']);
  });

  it('forgives a step that seems to begin before the last one ended, as clocks of whole milliseconds tell it', () => {
    expect(pathOf(span('a', null, 0, 10.4), span('b', null, 10, 20))).toEqual(['a', 'b']);
  });

  it('leads through what runs still', () => {
    expect(pathOf(span('a', null, 0, 50), span('b', null, 10, null), span('c', 'b', 20, null))).toEqual(['b', 'c']);
  });

  it('counts a child for nothing that begins after its parent has ended', () => {
    const path = pathOf(span('root', null, 0, 50), span('within', 'root', 10, 40), span('late', 'root', 60, 90));
    expect(path).toEqual(['root', 'within']);
  });

  it('takes an overflowing child up to the end of its parent', () => {
    const path = pathOf(span('root', null, 0, 50), span('a', 'root', 0, 20), span('over', 'root', 20, 70));
    expect(path).toEqual(['a', 'over', 'root']);
  });

  it('takes 10,000 levels', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => span(`${i}`, i === 0 ? null : `${i - 1}`, i, 30_000 - i));
    expect(pathOf(...chain)).toHaveLength(10_000);
  });
});
