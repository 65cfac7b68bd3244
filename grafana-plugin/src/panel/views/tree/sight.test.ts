import { seededRandom } from '../../../../../protocol/src/testing/sample-events';
import { createTreeLayout } from '../../layout/tree-layout';
import { withCardInSight } from './sight';
import { createFolds } from '../../layout/folds';
import { testForest } from '../../layout/test-forest';
import { AXES } from '../../layout/tree-sizes';

const NOTHING: ReadonlySet<string> = new Set();

describe('the camera of a tree', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'always sees a card, wherever it is sent (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const parents = Array.from({ length: 150 }, (_, id) =>
        id === 0 || random() < 0.05 ? null : Math.floor(id - 1 - random() * Math.min(id, 3)),
      );
      const layout = createTreeLayout(testForest(parents).forest);
      layout.update(NOTHING);
      const window = { width: 200 + random() * 800, height: 100 + random() * 600 };
      for (let i = 0; i < 30; i++) {
        const wild = { x: random() * 20_000 - 5_000, y: random() * 20_000 - 5_000, scale: 0.05 + random() * 2 };
        const { x, y, scale } = withCardInSight(wild, layout, window);
        let seen = 0;
        layout.visit(x, y, x + window.width / scale, y + window.height / scale, () => seen++);
        expect(seen).toBeGreaterThan(0);
      }
    },
  );

  it.each([
    ['right', 'y', 'x'],
    ['down', 'x', 'y'],
  ] as const)('follows a deep chain as it scrolls from row to row (%s)', (direction, along, across) => {
    const { forest } = testForest(Array.from({ length: 2_000 }, (_, i) => (i === 0 ? null : i - 1)));
    const layout = createTreeLayout(forest, createFolds(forest), AXES[direction]);
    layout.update(NOTHING);
    const at = { x: 0, y: 0, scale: 1, [along]: 50_000 };
    const camera = withCardInSight(at, layout, { width: 600, height: 400 });
    expect(camera[along]).toBe(50_000);
    expect(camera[across]).toBeGreaterThan(8_000);
  });

  it('stays at the top left of what it sees whole', () => {
    const layout = createTreeLayout(testForest([null, 0]).forest);
    layout.update(NOTHING);
    expect(withCardInSight({ x: 50, y: 50, scale: 1 }, layout, { width: 900, height: 600 })).toEqual({
      x: 0,
      y: 0,
      scale: 1,
    });
  });

  it.each([
    ['right', 1],
    ['right', 0.8],
    ['right', 1.7],
    ['down', 1],
    ['down', 0.8],
    ['down', 1.7],
  ] as const)('goes through all rows in steps of a pixel, and back (%s, at %d)', (direction, scale) => {
    // The first row is as long as the roots are many; below it stand the children of one of them.
    const parents = [null, null, ...Array.from({ length: 12 }, () => 1), ...Array.from({ length: 8 }, () => null)];
    const { forest } = testForest(parents);
    const layout = createTreeLayout(forest, createFolds(forest), AXES[direction]);
    layout.update(NOTHING);
    const window = { width: 500 * scale, height: 320 * scale };
    const along = direction === 'right' ? 'y' : 'x';
    const end = direction === 'right' ? layout.height - 320 : layout.width - 500;
    let camera = withCardInSight({ x: 0, y: 0, scale }, layout, window);
    for (let px = 1; px <= end; px++) {
      camera = withCardInSight({ ...camera, [along]: camera[along] + 1 }, layout, window);
      expect(camera[along]).toBe(px);
    }
    for (let px = Math.floor(end) - 1; px >= 0; px--) {
      camera = withCardInSight({ ...camera, [along]: camera[along] - 1 }, layout, window);
      expect(camera[along]).toBe(px);
    }
  });
});
