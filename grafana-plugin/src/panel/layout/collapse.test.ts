import { createFlowNodes } from '../../frames/flow-nodes';
import { collapseBelow, collapseToFailures, openedTo } from './collapse';
import { createForest } from './forest';
import { testNode } from './test-forest';

const forest = createForest(
  createFlowNodes([
    testNode(0, null),
    testNode(1, 0),
    testNode(2, 1),
    testNode(3, 2),
    testNode(4, null),
    testNode(5, 4),
    testNode(6, null),
  ]),
);
forest.update();

describe('collapseBelow', () => {
  it('collapses what has children at the level and below it', () => {
    expect([...collapseBelow(forest, 0)].sort()).toEqual(['0', '1', '2', '4']);
    expect([...collapseBelow(forest, 1)].sort()).toEqual(['1', '2']);
    expect(collapseBelow(forest, 9).size).toBe(0);
  });
});

describe('openedTo', () => {
  it('opens the parents of a node, and nothing else', () => {
    expect([...openedTo(forest, new Set(['0', '2', '3', '4']), 3)].sort()).toEqual(['3', '4']);
  });

  it('is the same set when the node shows already', () => {
    const collapsed = new Set(['3', '4']);
    expect(openedTo(forest, collapsed, 3)).toBe(collapsed);
  });
});

describe('collapseToFailures', () => {
  const toFailures = (...failed: number[]): string[] =>
    [...collapseToFailures(forest, { beganAt: (index) => failed.includes(index) })].sort();

  it('leaves open what leads to a failure, and collapses all else that has children', () => {
    expect(toFailures(3)).toEqual(['4']);
    expect(toFailures(1, 5)).toEqual(['1', '2']);
    expect(toFailures(0)).toEqual(['0', '1', '2', '4']);
  });

  it('collapses everything when nothing failed', () => {
    expect(toFailures()).toEqual(['0', '1', '2', '4']);
  });
});
