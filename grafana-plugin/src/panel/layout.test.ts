import { buildTree, type TreeInput } from '@flow-tracking/protocol/model';
import { seededRandom } from '../../../protocol/src/testing/sample-events';
import { edgePath, layoutSize, layoutTree, type Layout, type Place } from './layout';

const item = (id: number, parentId: number | null): TreeInput => ({
  id: String(id),
  parentId: parentId === null ? null : String(parentId),
});
const layout = (items: readonly TreeInput[], before?: ReadonlyMap<string, Place>): Layout =>
  layoutTree(
    buildTree(items),
    items.map((one) => one.id),
    before,
  );
const cells = (result: Layout): Record<string, [number, number]> =>
  Object.fromEntries([...result.places].map(([id, place]) => [id, [place.column, place.row]]));

/** A random tree in which every node comes after its parent, as in a live flow. */
function randomTree(size: number, random: () => number): TreeInput[] {
  return Array.from({ length: size }, (_, i) => item(i, i === 0 || random() < 0.3 ? null : Math.floor(random() * i)));
}

describe('layoutTree', () => {
  it('puts roots in a row and children right of their parent, top down', () => {
    const result = layout([item(1, null), item(2, null), item(3, 2), item(4, 2), item(5, 3), item(6, null)]);
    expect(cells(result)).toEqual({ 1: [0, 0], 2: [1, 0], 3: [2, 1], 4: [2, 2], 5: [3, 1], 6: [2, 0] });
    expect(result.edges).toEqual([
      { from: '1', to: '2', kind: 'sequence' },
      { from: '2', to: '6', kind: 'sequence' },
      { from: '2', to: '3', kind: 'child' },
      { from: '3', to: '5', kind: 'child' },
      { from: '2', to: '4', kind: 'child' },
    ]);
  });

  it('never moves a node when another arrives, and gives no two the same cell', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const items = randomTree(40, seededRandom(seed));
      const whole = cells(layout(items));
      let before: ReadonlyMap<string, Place> | undefined;
      let moved = 0;
      for (let count = 1; count <= items.length; count++) {
        const result = layout(items.slice(0, count), before);
        before = result.places;
        moved += Object.entries(cells(result)).filter(([id, cell]) => String(cell) !== String(whole[id])).length;
      }
      expect(moved).toBe(0);
      expect(new Set(Object.values(whole).map(String)).size).toBe(items.length);
    }
  });

  it('keeps places when a late node with a lower number arrives', () => {
    const early = layout([item(1, null), item(3, 1), item(4, null)]);
    const late = layout([item(1, null), item(2, 1), item(3, 1), item(4, null)], early.places);
    expect(cells(late)).toEqual({ ...cells(early), 2: [1, 2] });
  });

  it('places a node anew when its parent turns up, and only that', () => {
    const before = layout([item(1, null), item(3, 2), item(4, null)]);
    expect(cells(before)['3']).toEqual([1, 0]);
    const after = layout([item(1, null), item(2, 1), item(3, 2), item(4, null)], before.places);
    expect(cells(after)).toEqual({ 1: [0, 0], 2: [1, 1], 3: [2, 1], 4: [2, 0] });
  });

  it('places children that come before their parent', () => {
    expect(cells(layout([item(2, 1), item(3, 2), item(1, null)]))).toEqual({ 1: [0, 0], 2: [1, 1], 3: [2, 1] });
  });

  it('takes 10,000 levels and 100,000 siblings', () => {
    const deep = layout(Array.from({ length: 10_000 }, (_, i) => item(i, i === 0 ? null : i - 1)));
    expect([deep.columns, deep.rows]).toEqual([10_000, 2]);
    const wide = layout(Array.from({ length: 100_000 }, (_, i) => item(i, i === 0 ? null : 0)));
    expect([wide.columns, wide.rows]).toEqual([2, 100_000]);
  });

  it('has a size and edges in pixels', () => {
    expect(layoutSize(layout([item(1, null), item(2, null)]))).toEqual({ width: 418, height: 78 });
    const [a, b, c] = [0, 1, 1].map((column, i): Place => ({ column, row: i === 2 ? 1 : 0, parentId: null }));
    expect(edgePath(a!, b!)).toBe('M192 39H226');
    expect(edgePath(a!, c!)).toBe('M192 39C209 39 209 97 226 97');
  });
});
