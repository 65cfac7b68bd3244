import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { causeOf } from './failure-cause';
import { createFailures } from './failures';
import { createForest, NONE } from './forest';
import { testNode } from './test-forest';

const failed = (id: number, parentId: number | null, message: string, more: Partial<PanelNode> = {}): PanelNode =>
  testNode(id, parentId, { status: 'error', error: { type: 'E', message }, ...more });

function causes(nodes: readonly PanelNode[]): number[] {
  const list = createFlowNodes(nodes);
  const [forest, failures] = [createForest(list), createFailures(list)];
  forest.update();
  failures.update();
  return nodes.map((_, index) => causeOf(forest, failures, index));
}

describe('causeOf', () => {
  it('leads down to the node at which a failure began', () => {
    expect(causes([failed(0, null, 'a'), testNode(1, 0), failed(2, 0, 'a'), failed(3, 2, 'a')])).toEqual([
      3,
      NONE,
      3,
      NONE,
    ]);
  });

  it('takes the first of several children that failed alike, and none that failed otherwise', () => {
    expect(causes([failed(0, null, 'a'), failed(1, 0, 'b'), failed(2, 0, 'a'), failed(3, 0, 'a')])).toEqual([
      2,
      NONE,
      NONE,
      NONE,
    ]);
  });

  it('leads from a mere report to the first failure', () => {
    const report = testNode(1, null, { checkpoint: 'error', status: 'error' });
    expect(causes([failed(0, null, 'a'), report])).toEqual([NONE, 0]);
  });

  it('goes as deep as the tree', () => {
    const nodes = Array.from({ length: 10_000 }, (_, id) => failed(id, id === 0 ? null : id - 1, 'a'));
    const list = createFlowNodes(nodes);
    const [forest, failures] = [createForest(list), createFailures(list)];
    forest.update();
    failures.update();
    expect(causeOf(forest, failures, 0)).toBe(9_999);
  });
});
