import { seededRandom, shuffle } from '../../../../protocol/src/testing/sample-events';
import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { createForest, NONE, type Forest } from './forest';
import { createTreeLayout, type TreeLayout } from './tree-layout';
import { createFolds, type Folds, type FoldWish } from './folds';
import { AXES, CARD } from './tree-sizes';
import { testNode } from './test-forest';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const NOTHING: ReadonlySet<string> = new Set();
const FOLDED: FoldWish = { on: true, opened: NOTHING, kept: NONE };
const { cardU, gapU, gapV, indent, pitchV: ROW_PITCH } = AXES.right;

/** Some roots, some parents that never come or form a circle, else one of the nodes before. */
function randomNodes(count: number, random: () => number): PanelNode[] {
  return Array.from({ length: count }, (_, id) => {
    const dice = random();
    if (id === 0 || dice < 0.15) return testNode(id, null);
    if (dice < 0.22) return testNode(id, Math.floor(random() * (count + 5)));
    return testNode(id, Math.floor(random() < 0.5 ? random() * id : id - 1 - random() * Math.min(id, 3)));
  });
}

function laidOut(items: readonly PanelNode[], collapsed = NOTHING, axes = AXES.right): TreeLayout {
  const forest = createForest(createFlowNodes(items));
  forest.update();
  const layout = createTreeLayout(forest, createFolds(forest), axes);
  layout.update(collapsed);
  return layout;
}

const placed = (layout: TreeLayout): number[] =>
  Array.from({ length: layout.forest.size }, (_, i) => i).filter((i) => layout.isPlaced(i));

const placeOf = (layout: TreeLayout, i: number): string => `${layout.x[i]},${layout.y[i]}`;

const parentsOf = (forest: Forest, i: number): string => {
  const path: number[] = [];
  for (let at = i; at !== NONE; at = forest.parentOf(at)) path.push(at);
  return path.join();
};

/** By the tree's own axes: cards stand in rows, with room between them, within the drawing. */
function expectNoOverlap(layout: TreeLayout): void {
  const { axes, u, v, width, height } = layout;
  const rows = new Map<number, number[]>();
  for (const i of placed(layout)) rows.set(v[i] ?? 0, [...(rows.get(v[i] ?? 0) ?? []), u[i] ?? 0]);
  const [lengthU, lengthV] = axes.isDown ? [height, width] : [width, height];
  const wrong: string[] = [];
  for (const [row, starts] of rows) {
    starts.sort((a, b) => a - b);
    const least = Math.min(...starts.map((start, i) => start - (starts[i - 1] ?? -Infinity)));
    if ((row - CARD.margin) % axes.pitchV !== 0) wrong.push(`${row} is no row`);
    if (least < axes.cardU + axes.gapU) wrong.push(`two cards of row ${row} overlap`);
    const isWithin = (starts.at(-1) ?? 0) <= lengthU - CARD.margin - axes.cardU;
    if (!isWithin || row > lengthV - CARD.margin - axes.cardV) wrong.push(`row ${row} leaves the drawing`);
  }
  expect(wrong).toEqual([]);
}

/** The nodes that stand when nothing is collapsed. */
function shownOf(folds: Folds): number[] {
  const { forest } = folds;
  const isShown = (i: number): boolean => {
    if (folds.isAway(i)) return false;
    const parent = forest.parentOf(i);
    return parent === NONE || (folds.closedAt(parent) === null && isShown(parent));
  };
  return Array.from({ length: forest.size }, (_, i) => i).filter(isShown);
}

/** Left, top, right and bottom of a node and all below it. */
function box(layout: TreeLayout, i: number): [number, number, number, number] {
  const x = layout.x[i] ?? 0;
  const y = layout.y[i] ?? 0;
  let result: [number, number, number, number] = [x, y, x + CARD.width, y + CARD.height];
  for (let c = layout.forest.firstChildOf(i); c !== NONE; c = layout.forest.nextSiblingOf(c)) {
    const [l, t, r, b] = box(layout, c);
    result = [Math.min(result[0], l), Math.min(result[1], t), Math.max(result[2], r), Math.max(result[3], b)];
  }
  return result;
}

describe('a tree layout', () => {
  it.each(SEEDS)('moves nobody whose parents stay, and overlaps nobody, at any arrival (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const layout = createTreeLayout(forest);
    const before = new Map<number, { place: string; parents: string }>();
    for (const item of shuffle(randomNodes(70, random), random)) {
      nodes.put(item);
      if (random() < 0.3) continue;
      forest.update();
      layout.update(NOTHING);
      expect(layout.size).toBe(forest.size);
      expectNoOverlap(layout);
      const moved = [...before].filter(
        ([i, { place, parents }]) => parentsOf(forest, i) === parents && placeOf(layout, i) !== place,
      );
      expect(moved).toEqual([]);
      for (const i of placed(layout)) {
        before.set(i, { place: placeOf(layout, i), parents: parentsOf(forest, i) });
      }
    }
  });

  it.each(
    SEEDS.slice(0, 24).flatMap((seed) => [AXES.right, AXES.down].map((axes) => ({ seed, axes, isDown: axes.isDown }))),
  )(
    'moves nobody who stays in sight when siblings fold, and overlaps nobody (seed $seed, top-down: $isDown)',
    ({ seed, axes }) => {
      const random = seededRandom(seed);
      const nodes = createFlowNodes();
      const forest = createForest(nodes);
      const folds = createFolds(forest);
      const layout = createTreeLayout(forest, folds, axes);
      let wish = FOLDED;
      const before = new Map<number, { place: string; parents: string }>();
      const make = (id: number): PanelNode =>
        testNode(id, id === 0 || random() < 0.1 ? null : Math.floor(random() ** 3 * Math.min(id, 12)), {
          checkpoint: random() < 0.8 ? 'a' : 'b',
        });
      const items = Array.from({ length: 90 }, (_, id) => make(id));
      for (const item of seed % 2 === 0 ? items : shuffle(items, random)) {
        nodes.put(item);
        if (random() < 0.3) continue;
        if (random() < 0.05) nodes.put(make(Number(item.id)));
        forest.update();
        folds.update(wish);
        layout.update(NOTHING);
        expectNoOverlap(layout);
        expect(placed(layout)).toEqual(shownOf(folds));
        const moved = [...before].filter(
          ([i, { place, parents }]) =>
            layout.isPlaced(i) && parentsOf(forest, i) === parents && placeOf(layout, i) !== place,
        );
        expect(moved).toEqual([]);
        before.clear();
        for (const i of placed(layout)) before.set(i, { place: placeOf(layout, i), parents: parentsOf(forest, i) });
        if (random() > 0.05) continue;
        // A person opens one: all is laid out anew, as if it came at once.
        const keys = placed(layout).map((i) => folds.closedAt(i)?.key ?? '');
        wish = { ...FOLDED, opened: new Set(keys.filter(() => random() < 0.5)) };
        const turns = folds.turns;
        folds.update(wish);
        layout.update(NOTHING);
        if (folds.turns !== turns) before.clear();
      }
    },
  );

  it('leaves the first of many siblings where it stands, and gives the rows of the others to who comes next', () => {
    const nodes = createFlowNodes([testNode(0, null), testNode(1, 0)]);
    const forest = createForest(nodes);
    const folds = createFolds(forest);
    const layout = createTreeLayout(forest, folds);
    const add = (item: PanelNode): void => {
      nodes.put(item);
      forest.update();
      folds.update(FOLDED);
      layout.update(NOTHING);
    };
    for (let id = 2; id <= 10; id++) add(testNode(id, 0));
    expect(layout.size).toBe(11);
    const place = placeOf(layout, 1);
    for (let id = 11; id <= 40; id++) add(testNode(id, 0));
    expect([layout.size, placeOf(layout, 1)]).toEqual([2, place]);
    add(testNode(41, 0, { checkpoint: 'other' }));
    expect(layout.y[41]).toBe((layout.y[1] ?? 0) + ROW_PITCH);
    expect([layout.nextShown(1), layout.previousShown(41)]).toEqual([41, 1]);
  });

  it.each(SEEDS.slice(0, 20))('is the same top-down, with its axes swapped (seed %i)', (seed) => {
    const items = randomNodes(60, seededRandom(seed));
    const [right, down] = [laidOut(items), laidOut(items, NOTHING, AXES.down)];
    const { margin } = CARD;
    const cells = ({ axes, u, v }: TreeLayout): string[] =>
      placed(right).map((i) => `${((v[i] ?? 0) - margin) / axes.pitchV},${(u[i] ?? 0) > margin}`);
    expect(cells(down)).toEqual(cells(right));
    expect([down.x, down.y]).toEqual([down.v, down.u]);
    for (const i of placed(down)) {
      const [x, y] = [(down.x[i] ?? 0) + 1, (down.y[i] ?? 0) + 1];
      expect(down.at(x, y)).toBe(i);
    }
    const found: number[] = [];
    down.visit(0, 0, down.width, down.height, (index) => found.push(index));
    expect(found.sort((a, b) => a - b)).toEqual(placed(down));
  });

  it.each(SEEDS)('moves nobody at all when parents come first (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const layout = createTreeLayout(forest);
    const before: string[] = [];
    for (let id = 0; id < 200; id++) {
      nodes.put(testNode(id, id === 0 || random() < 0.05 ? null : Math.floor(random() * id)));
      forest.update();
      layout.update(NOTHING);
      expect(before.filter((place, i) => placeOf(layout, i) !== place)).toEqual([]);
      before.push(placeOf(layout, id));
    }
    expectNoOverlap(layout);
  });

  it.each(SEEDS)('stands a full load as an outline: every subtree in a box of its own (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const layout = laidOut(shuffle(randomNodes(80, random), random));
    const { forest } = layout;
    expectNoOverlap(layout);
    for (let i = 0; i < forest.size; i++) {
      const next = forest.nextSiblingOf(i);
      const parent = forest.parentOf(i);
      if (next !== NONE) {
        const [, , right, bottom] = box(layout, i);
        const [left, top] = box(layout, next);
        expect(parent === NONE ? left - right : top - bottom).toBe(parent === NONE ? gapU : gapV);
      }
      if (parent === NONE) expect(layout.y[i]).toBe(CARD.margin);
      else {
        expect(layout.isBeneath(i)).toBe(true);
        if (forest.firstChildOf(parent) === i) expect((layout.y[i] ?? 0) - (layout.y[parent] ?? 0)).toBe(ROW_PITCH);
      }
    }
  });

  it('opens a lane beside a parent whose place beneath is taken', () => {
    const nodes = createFlowNodes([testNode(0, null), testNode(1, 0), testNode(2, 0)]);
    const forest = createForest(nodes);
    const layout = createTreeLayout(forest);
    for (const item of [testNode(3, 1), testNode(4, 2), testNode(5, 1), testNode(6, 0)]) {
      forest.update();
      layout.update(NOTHING);
      nodes.put(item);
    }
    forest.update();
    layout.update(NOTHING);
    const cell = (i: number): [number, number] => [layout.x[i] ?? 0, ((layout.y[i] ?? 0) - CARD.margin) / ROW_PITCH];
    const below = CARD.margin + indent;
    const beside = below + cardU + gapU;
    expect([1, 2, 3, 4, 5, 6].map(cell)).toEqual([
      [below, 1],
      [below, 2],
      [beside, 1],
      [below + indent, 3],
      [beside, 2],
      [below, 4],
    ]);
    expect([3, 4].map((i) => layout.isBeneath(i))).toEqual([false, true]);
  });

  it('gives no place to what is below a collapsed node, and lays out anew when that changes', () => {
    const nodes = createFlowNodes([testNode(0, null), testNode(1, 0), testNode(2, 1), testNode(3, null)]);
    const forest = createForest(nodes);
    forest.update();
    const layout = createTreeLayout(forest);
    layout.update(new Set(['0']));
    expect(placed(layout)).toEqual([0, 3]);
    nodes.put(testNode(4, 2));
    forest.update();
    layout.update(new Set(['0']));
    expect([placed(layout), layout.size]).toEqual([[0, 3], 2]);
    layout.update(NOTHING);
    expect(placed(layout)).toEqual([0, 1, 2, 3, 4]);
    expectNoOverlap(layout);
    expect(layout.depthOf(4)).toBe(3);
  });

  it.each(SEEDS)('equals a full load after every change of the collapsed nodes (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const items = shuffle(randomNodes(60, random), random);
    const collapsed = new Set(items.filter(() => random() < 0.2).map(({ id }) => id));
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const layout = createTreeLayout(forest);
    for (const item of items) {
      nodes.put(item);
      forest.update();
      layout.update(NOTHING);
    }
    layout.update(collapsed);
    const full = laidOut(items, collapsed);
    expect(placed(layout)).toEqual(placed(full));
    expect(placed(layout).map((i) => placeOf(layout, i))).toEqual(placed(full).map((i) => placeOf(full, i)));
  });

  it.each(SEEDS)('finds what a rectangle touches, a point hits, and a card has at its left (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const layout = createTreeLayout(forest);
    for (const item of shuffle(randomNodes(60, random), random)) {
      nodes.put(item);
      forest.update();
      layout.update(NOTHING);
    }
    const touches = (i: number, x0: number, y0: number, x1: number, y1: number): boolean => {
      const [x, y] = [layout.x[i] ?? 0, layout.y[i] ?? 0];
      return x <= x1 && x + CARD.width >= x0 && y <= y1 && y + CARD.height >= y0;
    };
    for (let i = 0; i < 40; i++) {
      const [x0, y0] = [random() * layout.width, random() * layout.height];
      const [x1, y1] = [x0 + random() * 500, y0 + random() * 500];
      const found: number[] = [];
      layout.visit(x0, y0, x1, y1, (index) => found.push(index));
      expect(found.sort((a, b) => a - b)).toEqual(placed(layout).filter((n) => touches(n, x0, y0, x1, y1)));
      expect(layout.at(x0, y0)).toBe(placed(layout).find((n) => touches(n, x0, y0, x0, y0)) ?? NONE);
    }
    for (const i of placed(layout)) {
      const row = placed(layout).filter((n) => layout.y[n] === layout.y[i] && (layout.x[n] ?? 0) < (layout.x[i] ?? 0));
      const left = row.sort((a, b) => (layout.x[b] ?? 0) - (layout.x[a] ?? 0))[0];
      expect(layout.rowMateBefore(i)).toBe(left ?? NONE);
    }
  });

  it('asks the forest as much for one arrival among 20,000 as among 200', () => {
    const stepsAmong = (count: number): number => {
      const random = seededRandom(1);
      const nodes = createFlowNodes([testNode(0, null)]);
      for (let id = 1; id < count; id++) nodes.put(testNode(id, Math.floor(random() * id)));
      const forest = createForest(nodes);
      let steps = 0;
      const counted = new Proxy(forest, {
        get(target, name) {
          steps++;
          return Reflect.get(target, name) as unknown;
        },
      });
      const layout = createTreeLayout(counted);
      forest.update();
      layout.update(NOTHING);
      steps = 0;
      for (let id = count; id < count + 50; id++) {
        nodes.put(testNode(id, Math.floor(random() * 100)));
        forest.update();
        layout.update(NOTHING);
      }
      return steps;
    };
    expect(stepsAmong(20_000)).toBe(stepsAmong(200));
  });

  it('takes a chain of 10,000 and 100,000 siblings, at once and one by one', () => {
    const chain = laidOut(Array.from({ length: 10_000 }, (_, i) => testNode(i, i === 0 ? null : i - 1)));
    expect([chain.size, chain.x[9_999]]).toEqual([10_000, CARD.margin + 9_999 * indent]);
    const siblings = Array.from({ length: 100_000 }, (_, i) => testNode(i, i === 0 ? null : 0));
    expect(laidOut(siblings).y[99_999]).toBe(CARD.margin + 99_999 * ROW_PITCH);
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const layout = createTreeLayout(forest);
    for (const item of siblings) {
      nodes.put(item);
      forest.update();
      layout.update(NOTHING);
    }
    expect([layout.size, layout.y[99_999]]).toEqual([100_000, CARD.margin + 99_999 * ROW_PITCH]);
  });
});
