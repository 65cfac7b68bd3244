import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { collapseBelow, openedTo } from './collapse';
import { createForest } from './forest';

const node = (id: number, parentId: number | null): PanelNode => ({
  id: `${id}`,
  parentId: parentId === null ? null : `${parentId}`,
  checkpoint: 'step',
  status: 'ok',
  startedTs: 1_000 + id,
  endedTs: null,
  durationMs: 1,
  error: null,
  attributes: {},
});

const forest = createForest(
  createFlowNodes([node(0, null), node(1, 0), node(2, 1), node(3, 2), node(4, null), node(5, 4), node(6, null)]),
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
