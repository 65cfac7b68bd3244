import { seededRandom } from '../../../../../protocol/src/testing/sample-events';
import { createTreeLayout } from '../../layout/tree-layout';
import { withCardInSight } from './sight';
import { testForest } from '../../layout/test-forest';

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

  it('follows a deep chain to the right as it scrolls down', () => {
    const layout = createTreeLayout(
      testForest(Array.from({ length: 2_000 }, (_, i) => (i === 0 ? null : i - 1))).forest,
    );
    layout.update(NOTHING);
    const { x, y } = withCardInSight({ x: 0, y: 50_000, scale: 1 }, layout, { width: 600, height: 400 });
    expect(y).toBe(50_000);
    expect(x).toBeGreaterThan(30_000);
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
});
