import { buildTree, type TreeInput } from '@flow-tracking/protocol/model';
import { seededRandom, shuffle } from '../../../../protocol/src/testing/sample-events';
import { createFlowNodes } from '../../frames/flow-nodes';
import { createForest, NONE, type Forest } from './forest';
import { testNode } from './test-forest';

/** The ids below a node, or of the roots, walked forwards and backwards, and how many a node says it has. */
function row(forest: Forest, parent: number): string {
  const idOf = (index: number): string => forest.nodes.list[index]?.id ?? '';
  const forwards: string[] = [];
  const backwards: string[] = [];
  const first = parent === NONE ? forest.firstRoot : forest.firstChildOf(parent);
  const last = parent === NONE ? forest.lastRoot : forest.lastChildOf(parent);
  for (let i = first; i !== NONE; i = forest.nextSiblingOf(i)) forwards.push(idOf(i));
  for (let i = last; i !== NONE; i = forest.previousSiblingOf(i)) backwards.unshift(idOf(i));
  const count = parent === NONE ? forwards.length : forest.childCountOf(parent);
  return told(forwards, backwards, count);
}

const told = (forwards: readonly string[], backwards: readonly string[], count: number): string =>
  `${forwards.join()} backwards ${backwards.join()} of ${count}`;

/** All at once: an `expect` for each node would take the most of the time. */
function expectSame(forest: Forest, items: readonly TreeInput[]): void {
  const tree = buildTree([...items].sort((a, b) => Number(a.id) - Number(b.id)));
  const rowOf = (ids: readonly string[]): string => told(ids, ids, ids.length);
  const wanted: unknown[][] = [[tree.nodes.size, rowOf(tree.roots)]];
  const found: unknown[][] = [[forest.size, row(forest, NONE)]];
  for (const [id, { children, broken }] of tree.nodes) {
    const index = forest.nodes.indexOf(id) ?? NONE;
    wanted.push([id, rowOf(children), broken]);
    found.push([id, row(forest, index), forest.brokenOf(index)]);
  }
  expect(found).toEqual(wanted);
}

describe('a forest', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'equals a tree built at once after each arrival, in any order, with bad parents (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const count = 40;
      const parentOf = (id: number): number | null => {
        const dice = random();
        if (dice < 0.15) return null;
        if (dice < 0.25) return Math.floor(random() * (count + 5));
        return Math.floor(random() * id);
      };
      const items = shuffle(
        Array.from({ length: count }, (_, id) => testNode(id, parentOf(id))),
        random,
      );
      const nodes = createFlowNodes();
      const forest = createForest(nodes);
      for (const [i, item] of items.entries()) {
        nodes.put(item);
        forest.update();
        expectSame(forest, items.slice(0, i + 1));
      }
      for (let i = 0; i < 20; i++) {
        const at = Math.floor(random() * count);
        const moved = testNode(Number(items[at]?.id), random() < 0.2 ? null : Math.floor(random() * count));
        items[at] = moved;
        nodes.put(moved);
        forest.update();
        expectSame(forest, items);
      }
    },
  );

  it('says whether anybody moved: an end moves nobody', () => {
    const nodes = createFlowNodes([testNode(0, null)]);
    const forest = createForest(nodes);
    expect([forest.update(), forest.update()]).toEqual([true, false]);
    nodes.put({ ...testNode(0, null), status: 'error' });
    expect(forest.update()).toBe(false);
    expect(forest.moves).toEqual([0]);
  });

  it('takes 10,000 levels and 100,000 siblings', () => {
    const deep = createForest(
      createFlowNodes(Array.from({ length: 10_000 }, (_, i) => testNode(i, i === 0 ? null : i - 1))),
    );
    deep.update();
    expect([deep.size, deep.childCountOf(9_998)]).toEqual([10_000, 1]);
    const wide = createForest(
      createFlowNodes(Array.from({ length: 100_000 }, (_, i) => testNode(i, i === 0 ? null : 0))),
    );
    wide.update();
    expect(wide.childCountOf(0)).toBe(99_999);
  });
});
