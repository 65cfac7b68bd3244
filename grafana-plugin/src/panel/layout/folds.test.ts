import { ATTRIBUTES } from '@flow-tracking/protocol';
import { seededRandom, shuffle } from '../../../../protocol/src/testing/sample-events';
import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { MOST_APART, nameInGroup } from './fold-group';
import { createFolds, type Folds, type FoldWish } from './folds';
import { createForest, NONE, type Forest } from './forest';
import { testNode } from './test-forest';

const NOTHING: ReadonlySet<string> = new Set();
const CLOSED: FoldWish = { on: true, opened: NOTHING, kept: NONE };
const SEEDS = Array.from({ length: 24 }, (_, seed) => seed);
const calling = (tool: string): Partial<PanelNode> => ({
  checkpoint: 'tool_call',
  attributes: { [ATTRIBUTES.toolName]: tool },
});

const sorted = (indices: readonly number[]): number[] => [...indices].sort((a, b) => a - b);

/** All groups of a forest that are large enough, in the order of their members, by their keys. */
function groupsOf(forest: Forest): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  const addAll = (first: number): void => {
    for (let at = first; at !== NONE; at = forest.nextSiblingOf(at)) {
      const node = forest.nodes.list[at];
      const parent = forest.parentOf(at);
      if (node !== undefined && (parent !== NONE || forest.firstChildOf(at) === NONE)) {
        const key = [forest.nodes.list[parent]?.id ?? '', node.checkpoint, nameInGroup(node)].join('\u0000');
        groups.set(key, [...(groups.get(key) ?? []), at]);
      }
      addAll(forest.firstChildOf(at));
    }
  };
  addAll(forest.firstRoot);
  return new Map([...groups].filter(([, members]) => members.length > MOST_APART));
}

function expectSame(folds: Folds, { on, opened, kept }: FoldWish): void {
  const { forest } = folds;
  const groups = on ? groupsOf(forest) : new Map<string, number[]>();
  const above = new Set<number>();
  for (let at = kept; at !== NONE; at = forest.parentOf(at)) above.add(at);
  const lead = new Map<number, number>();
  const closed: (string | undefined)[] = [];
  const open: (string | undefined)[] = [];
  for (const [key, members] of groups) {
    const first = members[0] ?? NONE;
    if (opened.has(key) || members.some((index) => above.has(index))) open[first] = key;
    else {
      closed[first] = key;
      for (const index of members) lead.set(index, first);
    }
  }
  const indices = Array.from({ length: forest.size }, (_, index) => index);
  expect(indices.map((index) => folds.leadOf(index))).toEqual(indices.map((index) => lead.get(index) ?? index));
  expect(indices.filter((index) => folds.isAway(index))).toEqual(
    indices.filter((index) => (lead.get(index) ?? index) !== index),
  );
  expect(indices.map((index) => folds.closedAt(index)?.key)).toEqual(indices.map((index) => closed[index]));
  expect(indices.map((index) => folds.openAt(index)?.key)).toEqual(indices.map((index) => open[index]));
  expect(closed.map((key, first) => key && sorted(folds.closedAt(first)?.members ?? []))).toEqual(
    closed.map((key) => key && sorted(groups.get(key) ?? [])),
  );
  expect([...folds.held].sort()).toEqual(
    [...groups]
      .filter(([key, members]) => !opened.has(key) && members.some((index) => above.has(index)))
      .map(([key]) => key)
      .sort(),
  );
}

describe('folds', () => {
  it.each(SEEDS)('equal those found anew after every arrival, move, change, opening and choice (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const count = 80;
    const pick = (): number => Math.floor(random() * count);
    const parentOf = (): number | null => (random() < 0.3 ? null : Math.floor(random() ** 2 * 5));
    const make = (id: number): PanelNode => testNode(id, parentOf(), calling(random() < 0.8 ? 'lookup' : 'send'));
    const items = Array.from({ length: count }, (_, id) => make(id));
    const nodes = createFlowNodes();
    const forest = createForest(nodes);
    const folds = createFolds(forest);
    let wish = CLOSED;
    for (const item of seed % 2 === 0 ? items : shuffle(items, random)) {
      nodes.put(item);
      if (random() < 0.3) continue;
      if (random() < 0.2) nodes.put({ ...make(pick()), status: random() < 0.5 ? 'error' : 'ok' });
      forest.update();
      if (random() < 0.2) {
        wish = {
          on: random() < 0.9,
          opened: new Set([...groupsOf(forest).keys()].filter(() => random() < 0.5)),
          kept: random() < 0.5 ? NONE : Math.floor(random() * forest.size),
        };
      }
      folds.update(wish);
      expectSame(folds, wish);
    }
    for (let i = 0; i < 30; i++) {
      nodes.put(make(pick()));
      forest.update();
      folds.update(wish);
      expectSame(folds, wish);
    }
  });

  it('tell who came to be folded away and who stands for others, but not who arrives folded', () => {
    const nodes = createFlowNodes([testNode(0, null)]);
    const forest = createForest(nodes);
    const folds = createFolds(forest);
    for (let id = 1; id <= 20; id++) {
      nodes.put(testNode(id, 0));
      forest.update();
      folds.update(CLOSED);
    }
    expect([...folds.changes].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(folds.turns).toBe(0);
    folds.update({ ...CLOSED, opened: new Set([folds.closedAt(1)?.key ?? '']) });
    expect([folds.turns, folds.openAt(1)?.members.length]).toEqual([1, 20]);
  });

  it('leave tools of different names apart, and chapters of a flow', () => {
    const nodes = createFlowNodes([testNode(0, null)]);
    for (let id = 1; id <= 20; id++) nodes.put(testNode(id, 0, calling(id % 2 === 0 ? 'lookup' : 'send')));
    for (let id = 21; id <= 40; id++) nodes.put(testNode(id, null));
    for (let id = 41; id <= 60; id++) nodes.put(testNode(id, id - 20));
    const forest = createForest(nodes);
    forest.update();
    const folds = createFolds(forest);
    folds.update(CLOSED);
    expect(Array.from({ length: 61 }, (_, index) => index).filter((index) => folds.isAway(index))).toEqual([]);
  });

  it('sum up a group: how many, how many failed and run, and how long they took', () => {
    const nodes = createFlowNodes([testNode(0, null)]);
    for (let id = 1; id <= 40; id++) {
      const status = id <= 3 ? 'error' : id <= 37 ? 'ok' : 'running';
      nodes.put(testNode(id, 0, { ...calling('lookup'), status, durationMs: status === 'running' ? null : id * 10 }));
    }
    const forest = createForest(nodes);
    forest.update();
    const folds = createFolds(forest);
    folds.update(CLOSED);
    const before = folds.closedAt(1)?.summary();
    expect(before).toMatchObject({ count: 40, failed: 3, running: 3, p50Ms: 190, maxMs: 370, name: 'lookup' });
    folds.update(CLOSED);
    expect(folds.closedAt(1)?.summary()).toBe(before);
    nodes.put(testNode(40, 0, { ...calling('lookup'), status: 'ok', durationMs: 5_000 }));
    nodes.put(testNode(1, 0, { ...calling('lookup'), status: 'ok', durationMs: 2_000 }));
    forest.update();
    folds.update(CLOSED);
    expect(folds.closedAt(1)?.summary()).toMatchObject({ count: 40, failed: 2, running: 2, p50Ms: 200, maxMs: 5_000 });
  });

  it('take 100,000 siblings one by one, each as cheap as the first', () => {
    const nodes = createFlowNodes([testNode(0, null)]);
    const forest = createForest(nodes);
    const folds = createFolds(forest);
    for (let id = 1; id <= 100_000; id++) {
      nodes.put(testNode(id, 0, { durationMs: id }));
      forest.update();
      folds.update(CLOSED);
      folds.closedAt(1)?.summary();
    }
    expect(folds.changes.length).toBe(MOST_APART);
    expect(folds.closedAt(1)?.summary()).toMatchObject({ count: 100_000, p50Ms: 50_000, maxMs: 100_000 });
  });
});
