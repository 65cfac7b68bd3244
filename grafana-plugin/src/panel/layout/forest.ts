import type { BrokenParent } from '@flow-tracking/protocol/model';
import type { FlowNodes } from '../../frames/flow-nodes';

/** No node: a root's parent, the sibling after the last one. */
export const NONE = -1;

/** Who stands below whom in one flow, by the nodes' indices, kept up with the flow as it grows. */
export interface Forest {
  readonly nodes: FlowNodes;
  /** Nodes taken in. */
  readonly size: number;
  readonly firstRoot: number;
  readonly lastRoot: number;
  /**
   * Indices of nodes that were added or got another parent, in that order, from the very first on: what a layout has to
   * place, or to place anew.
   */
  readonly moves: readonly number[];
  parentOf(index: number): number;
  firstChildOf(index: number): number;
  lastChildOf(index: number): number;
  /** Siblings stand in the order in which they began; so do roots. */
  nextSiblingOf(index: number): number;
  previousSiblingOf(index: number): number;
  childCountOf(index: number): number;
  /** Why a node is a root though it names a parent. */
  brokenOf(index: number): BrokenParent | null;
  /** Takes in what the flow's journal has beyond the last call: O(changed). @returns whether a node was added or moved */
  update(): boolean;
}

const GROWTH = 2;
const FIRST_CAPACITY = 64;

function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(capacity).fill(NONE);
  result.set(array);
  return result;
}

/**
 * A node whose parent is not there, is itself, or is below it, stands as a root and is marked. It moves below its parent
 * when that comes. Iterative, since a tree may be 10,000 levels deep.
 */
export function createForest(nodes: FlowNodes): Forest {
  let capacity = FIRST_CAPACITY;
  let parent = grown(new Int32Array(), capacity);
  let firstChild = grown(parent, capacity);
  let lastChild = grown(parent, capacity);
  let next = grown(parent, capacity);
  let previous = grown(parent, capacity);
  let childCount = new Int32Array(capacity);
  let size = 0;
  let read = 0;
  let firstRoot = NONE;
  let lastRoot = NONE;
  const moves: number[] = [];
  const broken = new Map<number, BrokenParent>();
  /** Roots that wait for their parent, by its id. */
  const waiting = new Map<string, Set<number>>();
  /** The parent that each node named last. */
  const named: (string | null)[] = [];

  const makeRoom = (): void => {
    if (size < capacity) return;
    capacity *= GROWTH;
    parent = grown(parent, capacity);
    firstChild = grown(firstChild, capacity);
    lastChild = grown(lastChild, capacity);
    next = grown(next, capacity);
    previous = grown(previous, capacity);
    const counts = new Int32Array(capacity);
    counts.set(childCount);
    childCount = counts;
  };

  const at = (array: Int32Array, index: number): number => array[index] ?? NONE;

  /** Whether a begins before b; of two at the same time, the one known first. */
  const isBefore = (a: number, b: number): boolean => {
    const difference = (nodes.list[a]?.startedTs ?? 0) - (nodes.list[b]?.startedTs ?? 0);
    return difference < 0 || (difference === 0 && a < b);
  };

  const link = (index: number, below: number): void => {
    parent[index] = below;
    let after = below === NONE ? lastRoot : at(lastChild, below);
    while (after !== NONE && isBefore(index, after)) after = at(previous, after);
    const before = after !== NONE ? at(next, after) : below === NONE ? firstRoot : at(firstChild, below);
    previous[index] = after;
    next[index] = before;
    if (after !== NONE) next[after] = index;
    else if (below === NONE) firstRoot = index;
    else firstChild[below] = index;
    if (before !== NONE) previous[before] = index;
    else if (below === NONE) lastRoot = index;
    else lastChild[below] = index;
    if (below !== NONE) childCount[below] = (childCount[below] ?? 0) + 1;
  };

  const unlink = (index: number): void => {
    const below = at(parent, index);
    const after = at(previous, index);
    const before = at(next, index);
    if (after !== NONE) next[after] = before;
    else if (below === NONE) firstRoot = before;
    else firstChild[below] = before;
    if (before !== NONE) previous[before] = after;
    else if (below === NONE) lastRoot = after;
    else lastChild[below] = after;
    if (below !== NONE) childCount[below] = (childCount[below] ?? 1) - 1;
  };

  /** The nodes from `from` up to `to`; empty when `to` is not above it. */
  const pathUp = (from: number, to: number): number[] => {
    const path: number[] = [];
    for (let index = from; index !== NONE; index = at(parent, index)) {
      path.push(index);
      if (index === to) return path;
    }
    return [];
  };

  const makeRoot = (index: number, why: BrokenParent): void => {
    unlink(index);
    link(index, NONE);
    broken.set(index, why);
    moves.push(index);
  };

  /** Where a node belongs that is linked nowhere; a cycle is cut at the one of its nodes that began first. */
  const place = (index: number): void => {
    broken.delete(index);
    const parentId = named[index] ?? null;
    const below = parentId === null ? NONE : nodes.indexOf(parentId);
    if (parentId === null) link(index, NONE);
    else if (below === index) {
      broken.set(index, 'self_parent');
      link(index, NONE);
    } else if (below === undefined || below >= size) {
      broken.set(index, 'missing_parent');
      const others = waiting.get(parentId);
      if (others === undefined) waiting.set(parentId, new Set([index]));
      else others.add(index);
      link(index, NONE);
    } else {
      // Only a node with children can stand above its own parent.
      const cycle = at(firstChild, index) === NONE ? [] : pathUp(below, index);
      const first = cycle.reduce((a, b) => (isBefore(b, a) ? b : a), index);
      if (cycle.length > 0 && first === index) {
        broken.set(index, 'cycle');
        link(index, NONE);
      } else {
        if (cycle.length > 0) makeRoot(first, 'cycle');
        link(index, below);
      }
    }
    moves.push(index);
  };

  const replaceAll = (indices: Iterable<number>): void => {
    for (const index of indices) {
      unlink(index);
      place(index);
    }
  };

  const takeIn = (index: number): void => {
    const node = nodes.list[index];
    if (node === undefined) return;
    if (index < size) {
      if (named[index] === node.parentId) return;
      waiting.get(named[index] ?? '')?.delete(index);
      named[index] = node.parentId;
      unlink(index);
      link(index, NONE);
      // It may have closed a cycle until now.
      replaceAll([...broken].filter(([, why]) => why === 'cycle').map(([cut]) => cut));
      replaceAll([index]);
      return;
    }
    makeRoom();
    size = index + 1;
    named[index] = node.parentId;
    place(index);
    const children = waiting.get(node.id);
    waiting.delete(node.id);
    replaceAll(children ?? []);
  };

  return {
    nodes,
    get size() {
      return size;
    },
    get firstRoot() {
      return firstRoot;
    },
    get lastRoot() {
      return lastRoot;
    },
    moves,
    parentOf: (index) => at(parent, index),
    firstChildOf: (index) => at(firstChild, index),
    lastChildOf: (index) => at(lastChild, index),
    nextSiblingOf: (index) => at(next, index),
    previousSiblingOf: (index) => at(previous, index),
    childCountOf: (index) => childCount[index] ?? 0,
    brokenOf: (index) => broken.get(index) ?? null,
    update() {
      const known = moves.length;
      for (; read < nodes.journal.length; read++) takeIn(nodes.journal[read] ?? NONE);
      return moves.length > known;
    },
  };
}
