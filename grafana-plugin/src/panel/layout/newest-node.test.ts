import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { createForest, NONE } from './forest';
import { newestNode } from './newest-node';

const node = (id: number, parentId: number | null, status: PanelNode['status'] = 'ok'): PanelNode => ({
  id: `${id}`,
  parentId: parentId === null ? null : `${parentId}`,
  checkpoint: 'step',
  status,
  startedTs: 1_000 + id,
  endedTs: null,
  durationMs: 1,
  error: null,
  attributes: {},
});

function newest(...nodes: PanelNode[]): number {
  const forest = createForest(createFlowNodes(nodes));
  forest.update();
  return newestNode(forest);
}

describe('the newest node', () => {
  it('is the newest child of a parent that runs, though it has ended itself', () => {
    expect(newest(node(0, null, 'running'), node(1, 0), node(2, 0), node(3, null, 'running'))).toBe(2);
  });

  it('is else the newest that runs, else the newest', () => {
    expect(newest(node(0, null, 'running'), node(1, null, 'running'), node(2, null))).toBe(1);
    expect(newest(node(0, null), node(2, 0), node(1, 0))).toBe(1);
    expect(newest()).toBe(NONE);
  });
});
