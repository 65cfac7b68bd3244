import { createFollowTarget } from './follow-target';
import { testForest, testNode } from './test-forest';

describe('what following looks at', () => {
  it('is the newest child of a running parent, else the newest that runs, else the newest', () => {
    const { nodes, forest } = testForest([null]);
    const target = createFollowTarget(forest);
    const after = (...changed: readonly ReturnType<typeof testNode>[]): number => {
      for (const node of changed) nodes.put(node);
      forest.update();
      return target.read();
    };
    expect(target.read()).toBe(0);
    expect(after(testNode(1, null))).toBe(1);
    expect(after(testNode(2, null, { status: 'running' }), testNode(3, null))).toBe(2);
    expect(after(testNode(4, 2), testNode(5, 2))).toBe(5);
    expect(after(testNode(6, 2, { status: 'running' }), testNode(7, null))).toBe(6);
    expect(after(testNode(8, 6))).toBe(8);
    expect(after(testNode(2, null), testNode(6, 2))).toBe(8);
  });

  it('is nothing in an empty flow', () => {
    expect(createFollowTarget(testForest([]).forest).read()).toBe(-1);
  });
});
