import { createTreeLayout } from '../../layout/tree-layout';
import { mirroredNodes } from './mirrored';
import { testForest } from '../../layout/test-forest';

const WINDOW = { width: 600, height: 300 };

describe('the nodes in the DOM', () => {
  const layout = createTreeLayout(
    testForest([null, ...Array.from({ length: 500 }, (_, i) => (i % 5 === 0 ? 0 : i))]).forest,
  );
  layout.update(new Set());

  it('are those in sight and near, from the top down', () => {
    expect(mirroredNodes(layout, -1, { x: 0, y: 0, scale: 1 }, WINDOW)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('are all of a small flow, wherever the window is', () => {
    const small = createTreeLayout(testForest(Array.from({ length: 60 }, () => null)).forest);
    small.update(new Set());
    expect(mirroredNodes(small, -1, { x: 0, y: 0, scale: 1 }, WINDOW)).toHaveLength(60);
  });

  it('hold the focused one with its parent, siblings and children, wherever the window is', () => {
    const nodes = mirroredNodes(layout, 251, { x: 0, y: 0, scale: 1 }, WINDOW);
    expect(nodes).toEqual(expect.arrayContaining([0, 246, 251, 252, 256]));
    const rows = nodes.map((index) => layout.y[index] ?? 0);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
  });

  it('are at most 60, however much is in sight', () => {
    expect(mirroredNodes(layout, 0, { x: 0, y: 0, scale: 0.01 }, WINDOW)).toHaveLength(60);
  });
});
