import { createPassedOn } from './passed-on';
import { testForest, testNode } from './test-forest';

const failed = (message: string) => ({ status: 'error' as const, error: { type: 'Smtp', message } });

describe('failures passed on', () => {
  it.each([
    ['the child fails first', [1, 0]],
    ['the parent fails first', [0, 1]],
  ])('are those of a parent with the error of its child: %s', (_, order) => {
    const { nodes, forest } = testForest([null, 0, 0]);
    const passedOn = createPassedOn(forest);
    for (const id of order) {
      nodes.put(testNode(id, id === 0 ? null : 0, failed('550')));
      forest.update();
      passedOn.update();
    }
    expect([0, 1, 2].map((index) => passedOn.has(index))).toEqual([true, false, false]);
  });

  it('are none where the error is another, or none is told', () => {
    const { nodes, forest } = testForest([null, 0]);
    const passedOn = createPassedOn(forest);
    nodes.put(testNode(1, 0, failed('550')));
    nodes.put(testNode(0, null, failed('timeout')));
    forest.update();
    passedOn.update();
    expect(passedOn.has(0)).toBe(false);
  });

  it('are found when the child gets its parent late', () => {
    const { nodes, forest } = testForest([null, null]);
    const passedOn = createPassedOn(forest);
    nodes.put(testNode(0, null, failed('550')));
    nodes.put(testNode(1, null, failed('550')));
    forest.update();
    passedOn.update();
    expect(passedOn.has(0)).toBe(false);
    nodes.put(testNode(1, 0, failed('550')));
    forest.update();
    passedOn.update();
    expect(passedOn.has(0)).toBe(true);
  });
});
