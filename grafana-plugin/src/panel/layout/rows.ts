import { createFolds, type Folds } from './folds';
import { NONE, type Forest } from './forest';
import { walk } from './walk';

/** The nodes that are shown, one row each, depth first: what timeline and outline scroll through. */
export interface Rows {
  readonly size: number;
  readonly folds: Folds;
  /** The node's index in the forest, or NONE beyond the last row. */
  nodeAt(row: number): number;
  /** Levels above the row; 0 for a root. */
  depthAt(row: number): number;
  /** NONE while it is folded away, or a node above it is collapsed. */
  rowOf(index: number): number;
  isCollapsed(index: number): boolean;
  /**
   * Takes in what the forest and the folds have beyond the last call, and another set of collapsed nodes. Nodes that come last in
   * depth-first order cost O(added), anything else one walk over all that is shown.
   *
   * @param collapsed ids of nodes whose children are not shown; a set that changes is a new object
   */
  update(collapsed: ReadonlySet<string>): void;
}

const FIRST_CAPACITY = 64;

function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(capacity).fill(NONE);
  result.set(array);
  return result;
}

/** Iterative throughout, since a flow may be 10,000 levels deep. */
export function createRows(forest: Forest, folds: Folds = createFolds(forest)): Rows {
  let capacity = FIRST_CAPACITY;
  let nodes = grown(new Int32Array(), capacity);
  let depths = grown(nodes, capacity);
  let rows = grown(nodes, capacity);
  let size = 0;
  /** Nodes that have a row, or are known to be hidden. */
  let known = 0;
  let read = 0;
  let readFolds = 0;
  let readTurns = 0;
  let shut: ReadonlySet<string> = new Set();

  const makeRoom = (): void => {
    if (forest.size <= capacity) return;
    while (capacity < forest.size) capacity *= 2;
    nodes = grown(nodes, capacity);
    depths = grown(depths, capacity);
    rows = grown(rows, capacity);
  };

  const isCollapsed = (index: number): boolean => shut.size > 0 && shut.has(forest.nodes.list[index]?.id ?? '');

  const hidesChildren = (index: number): boolean => folds.closedAt(index) !== null || isCollapsed(index);

  const add = (index: number, depth: number): void => {
    nodes[size] = index;
    depths[size] = depth;
    rows[index] = size;
    size++;
  };

  const rebuild = (): void => {
    rows.fill(NONE);
    size = 0;
    walk(forest, add, hidesChildren, (index) => folds.isAway(index));
    known = forest.size;
  };

  /** Adds a node that no row knows behind the last row, if that is where it belongs. */
  const append = (index: number): boolean => {
    const parent = forest.parentOf(index);
    if (folds.isAway(index) || (parent !== NONE && (rows[parent] === NONE || hidesChildren(parent)))) return true;
    let previous = forest.previousSiblingOf(index);
    while (previous !== NONE && folds.isAway(previous)) previous = forest.previousSiblingOf(previous);
    if (size === 0) {
      if (parent !== NONE || previous !== NONE) return false;
      add(index, 0);
      return true;
    }
    // It comes last when the last row is its parent's, or is within the sibling before it.
    let above = nodes[size - 1] ?? NONE;
    let depth = depths[size - 1] ?? 0;
    if (above === parent && previous === NONE) {
      add(index, depth + 1);
      return true;
    }
    while (depth > 0 && forest.parentOf(above) !== parent) {
      above = forest.parentOf(above);
      depth--;
    }
    if (above !== previous) return false;
    add(index, depth);
    return true;
  };

  return {
    get size() {
      return size;
    },
    folds,
    nodeAt: (row) => (row < size ? (nodes[row] ?? NONE) : NONE),
    depthAt: (row) => (row < size ? (depths[row] ?? 0) : 0),
    rowOf: (index) => rows[index] ?? NONE,
    isCollapsed,
    update(collapsed) {
      makeRoom();
      let stale = collapsed !== shut || readTurns !== folds.turns || readFolds < folds.changes.length;
      shut = collapsed;
      readTurns = folds.turns;
      readFolds = folds.changes.length;
      for (; read < forest.moves.length && !stale; read++) {
        const index = forest.moves[read] ?? NONE;
        // One that had its place has moved, and what is below it too.
        stale = index !== known || !append(index);
        known++;
      }
      read = forest.moves.length;
      if (stale) rebuild();
    },
  };
}
