import { seededRandom, shuffle } from '../../../../protocol/src/testing/sample-events';
import { createFlowNodes } from '../../frames/flow-nodes';
import { createFolds, type FoldWish } from './folds';
import { createForest, NONE, type Forest } from './forest';
import { createRows, type Rows } from './rows';
import { testNode } from './test-forest';

interface Shown {
  readonly index: number;
  readonly depth: number;
}

function walked(
  forest: Forest,
  collapsed: ReadonlySet<string>,
  parent = NONE,
  depth = 0,
  isAway: (index: number) => boolean = () => false,
): Shown[] {
  const shown: Shown[] = [];
  const first = parent === NONE ? forest.firstRoot : forest.firstChildOf(parent);
  for (let index = first; index !== NONE; index = forest.nextSiblingOf(index)) {
    if (isAway(index)) continue;
    shown.push({ index, depth });
    const isOpen = !collapsed.has(forest.nodes.list[index]?.id ?? '');
    if (isOpen) shown.push(...walked(forest, collapsed, index, depth + 1, isAway));
  }
  return shown;
}

function expectSame(rows: Rows, forest: Forest, collapsed: ReadonlySet<string>): void {
  const expected = walked(forest, collapsed);
  const shown = Array.from({ length: rows.size }, (_, row) => ({ index: rows.nodeAt(row), depth: rows.depthAt(row) }));
  expect(shown).toEqual(expected);
  const rowOf = new Map(expected.map(({ index }, row) => [index, row]));
  const indices = Array.from({ length: forest.size }, (_, index) => index);
  expect(indices.map((index) => rows.rowOf(index))).toEqual(indices.map((index) => rowOf.get(index) ?? NONE));
  expect(rows.nodeAt(rows.size)).toBe(NONE);
}

describe('rows', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'equal a walk of the forest after each arrival, move and collapse, in any order (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const count = 60;
      const inOrder = Array.from({ length: count }, (_, id) => {
        const parent = random() < 0.15 ? null : Math.max(0, id - 1 - Math.floor(random() ** 3 * count));
        return testNode(id, id === 0 ? null : parent);
      });
      // Half of the flows come as they happened, the usual case, which takes the short way.
      const items = seed % 2 === 0 ? inOrder : shuffle(inOrder, random);
      const nodes = createFlowNodes();
      const forest = createForest(nodes);
      const rows = createRows(forest);
      let collapsed: ReadonlySet<string> = new Set();
      for (const [i, item] of items.entries()) {
        nodes.put(item);
        if (random() < 0.3) continue;
        if (random() < 0.1) nodes.put(testNode(Number(items[Math.floor(random() * i)]?.id), null));
        if (random() < 0.2) collapsed = new Set(items.filter(() => random() < 0.1).map(({ id }) => id));
        forest.update();
        rows.update(collapsed);
        expectSame(rows, forest, collapsed);
      }
      forest.update();
      rows.update(new Set());
      expectSame(rows, forest, new Set());
    },
  );

  it.each(Array.from({ length: 30 }, (_, seed) => seed))('leave out what is folded away (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const folds = createFolds(forest);
    const rows = createRows(forest, folds);
    const nothing: ReadonlySet<string> = new Set();
    let wish: FoldWish = { on: true, opened: nothing, kept: NONE };
    const items = Array.from({ length: 90 }, (_, id) =>
      testNode(id, random() < 0.1 ? null : Math.floor(random() ** 3 * Math.min(id, 9)), {
        checkpoint: random() < 0.8 ? 'a' : 'b',
      }),
    );
    for (const item of seed % 2 === 0 ? items : shuffle(items, random)) {
      nodes.put(item);
      if (random() < 0.3) continue;
      if (random() < 0.1) {
        const keys = Array.from({ length: rows.size }, (_, row) => folds.closedAt(rows.nodeAt(row))?.key ?? '');
        wish = { ...wish, on: random() < 0.9, opened: new Set(keys.filter(() => random() < 0.5)) };
      }
      forest.update();
      folds.update(wish);
      rows.update(nothing);
      const shut = walked(forest, nothing).filter(({ index }) => folds.closedAt(index) !== null);
      const collapsed = new Set(shut.map(({ index }) => forest.nodes.list[index]?.id ?? ''));
      const expected = walked(forest, collapsed, NONE, 0, (index) => folds.isAway(index));
      const shown = Array.from({ length: rows.size }, (_, row) => ({
        index: rows.nodeAt(row),
        depth: rows.depthAt(row),
      }));
      expect(shown).toEqual(expected);
    }
  });

  it('are none of an empty flow', () => {
    const rows = createRows(createForest(createFlowNodes()));
    rows.update(new Set());
    expect([rows.size, rows.nodeAt(0)]).toEqual([0, NONE]);
  });

  it('take 10,000 levels, one arrival at a time', () => {
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const rows = createRows(forest);
    const collapsed = new Set<string>();
    for (let id = 0; id < 10_000; id++) {
      nodes.put(testNode(id, id === 0 ? null : id - 1));
      forest.update();
      rows.update(collapsed);
    }
    expect([rows.size, rows.depthAt(9_999), rows.rowOf(9_999)]).toEqual([10_000, 9_999, 9_999]);
    rows.update(new Set(['4']));
    expect(rows.size).toBe(5);
  });
});
