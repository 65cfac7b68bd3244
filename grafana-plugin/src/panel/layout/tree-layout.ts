import { createCardRows } from './card-rows';
import { createCardSearch } from './card-search';
import { createFolds, type Folds } from './folds';
import { NONE, type Forest } from './forest';
import { createLanes } from './lanes';
import { createSuffixMax } from './suffix-max';
import { AXES, CARD, type TreeAxes } from './tree-sizes';

/** Where the cards of one flow stand, in px at 100 %. Nodes are named by their indices. */
export interface TreeLayout {
  readonly forest: Forest;
  readonly folds: Folds;
  readonly axes: TreeAxes;
  /** Left edge of each node's card; means something only where `isPlaced`. */
  readonly x: Float64Array;
  /** Top edge of each node's card. */
  readonly y: Float64Array;
  /** The same by the tree's own axes. */
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** How many nodes stand somewhere: all but those below a collapsed one and those folded away. */
  readonly size: number;
  /** Of the whole drawing, with a margin on all sides. */
  readonly width: number;
  readonly height: number;
  isPlaced(index: number): boolean;
  /** Levels above the node. */
  depthOf(index: number): number;
  /** Whether the card stands in its parent's lane, not in one beside it. */
  isBeneath(index: number): boolean;
  /** The nearest card in the same row that begins before this one along u, or NONE. */
  rowMateBefore(index: number): number;
  /** The sibling before this one that is shown, or NONE. */
  previousShown(index: number): number;
  nextShown(index: number): number;
  /** Calls back with each card that the rectangle touches, row by row. */
  visit(x0: number, y0: number, x1: number, y1: number, callback: (index: number) => void): void;
  /** The card at a point, or NONE. */
  at(x: number, y: number): number;
  /**
   * Of the rows with a part of their cards in the rectangle: a card whose middle it reaches along u, else the nearest to it, or
   * NONE.
   */
  nearest(x0: number, y0: number, x1: number, y1: number): number;
  /**
   * Takes in what has moved in the forest or folded since the last call: O(changed). Another set of collapsed nodes, or a
   * group that a person opens or closes, places all anew.
   *
   * @returns whether a card was placed or taken away
   */
  update(collapsed: ReadonlySet<string>): boolean;
}

/** Hidden is what is folded away or below a node that shows no children; to know that spares a look at its parents. */
const STATE = { unplaced: 0, placed: 1, hidden: 2 } as const;

const FIRST_CAPACITY = 64;
const GROWTH = 2;
const NOTHING: ReadonlySet<string> = new Set();

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a === b || (a.size === b.size && [...a].every((id) => b.has(id)));
}

/**
 * Roots stand in one row. Children stand beneath their parent, indented, one below the other. A card that stands never
 * moves when another arrives: what finds its place taken stands in a lane beside it instead. A node that gets another
 * parent is placed anew, and all below go with it. When siblings fold, the first of them stays and the others leave their
 * places empty. Top-down is the same, its axes swapped.
 */
export function createTreeLayout(
  forest: Forest,
  folds: Folds = createFolds(forest),
  axes: TreeAxes = AXES.right,
): TreeLayout {
  const { cardU, gapV, pitchV, indent, isDown } = axes;
  let capacity = FIRST_CAPACITY;
  let u = new Float64Array(capacity);
  let v = new Float64Array(capacity);
  let states = new Uint8Array(capacity);
  let depths = new Int32Array(capacity);
  /** The parent each node was placed for. */
  let placedFor = new Int32Array(capacity);
  let size = 0;
  let extentU = 0;
  let collapsed: ReadonlySet<string> = NOTHING;
  let read = 0;
  let readFolds = 0;
  let readTurns = 0;
  const uOf = (index: number): number => u[index] ?? 0;
  let rows = createCardRows(uOf);
  let edges = createSuffixMax();
  let lanes = createLanes(rows, edges, uOf, axes);

  const makeRoom = (): void => {
    if (forest.size <= capacity) return;
    while (capacity < forest.size) capacity *= GROWTH;
    const grown = <T extends Float64Array | Uint8Array | Int32Array>(larger: T, array: T): T => {
      larger.set(array);
      return larger;
    };
    u = grown(new Float64Array(capacity), u);
    v = grown(new Float64Array(capacity), v);
    states = grown(new Uint8Array(capacity), states);
    depths = grown(new Int32Array(capacity), depths);
    placedFor = grown(new Int32Array(capacity), placedFor);
  };

  const rowOf = (index: number): number => Math.round(((v[index] ?? 0) - CARD.margin) / pitchV);
  const stateOf = (index: number): number => states[index] ?? STATE.unplaced;
  const hidesChildren = (index: number): boolean =>
    folds.closedAt(index) !== null || (collapsed.size > 0 && collapsed.has(forest.nodes.list[index]?.id ?? ''));

  /** Walks a subtree from the top down, siblings in order; below a node only when the callback says so. */
  const walk = (top: number, enter: (index: number) => boolean): void => {
    let index = top;
    for (;;) {
      const child = enter(index) ? forest.firstChildOf(index) : NONE;
      if (child !== NONE) {
        index = child;
        continue;
      }
      while (index !== top && forest.nextSiblingOf(index) === NONE) index = forest.parentOf(index);
      if (index === top) return;
      index = forest.nextSiblingOf(index);
    }
  };

  const place = (index: number): boolean => {
    const parent = forest.parentOf(index);
    placedFor[index] = parent;
    const isBelowHidden = parent !== NONE && (stateOf(parent) !== STATE.placed || hidesChildren(parent));
    if (isBelowHidden || folds.isAway(index)) {
      states[index] = STATE.hidden;
      return true;
    }
    const spot = parent === NONE ? lanes.addRoot(index) : lanes.addChild(index, parent, rowOf(parent));
    u[index] = spot.u;
    v[index] = CARD.margin + spot.row * pitchV;
    depths[index] = parent === NONE ? 0 : (depths[parent] ?? 0) + 1;
    states[index] = STATE.placed;
    rows.insert(spot.row, index);
    edges.raise(spot.row, spot.u + cardU);
    extentU = Math.max(extentU, spot.u + cardU);
    size++;
    return true;
  };

  const takeAway = (top: number): void =>
    walk(top, (index) => {
      if (stateOf(index) === STATE.placed) {
        rows.remove(rowOf(index), index);
        size--;
      }
      lanes.remove(index);
      states[index] = STATE.unplaced;
      return true;
    });

  const placeAll = (): void => {
    rows = createCardRows(uOf);
    edges = createSuffixMax();
    lanes = createLanes(rows, edges, uOf, axes);
    states.fill(STATE.unplaced);
    size = 0;
    extentU = 0;
    for (let root = forest.firstRoot; root !== NONE; root = forest.nextSiblingOf(root)) walk(root, place);
    read = forest.moves.length;
    readFolds = folds.changes.length;
  };

  /** Places a node, and first those above it that have no place yet. */
  const placeWithParents = (index: number): void => {
    let top = index;
    for (;;) {
      const parent = forest.parentOf(top);
      if (parent === NONE || stateOf(parent) !== STATE.unplaced) break;
      top = parent;
    }
    walk(top, (below) => stateOf(below) === STATE.unplaced && place(below));
  };

  const childrenOf = (index: number): number[] => {
    const children: number[] = [];
    for (let at = forest.firstChildOf(index); at !== NONE; at = forest.nextSiblingOf(at)) children.push(at);
    return children;
  };

  /** Whether a node stands though it should not, or does not though it might. */
  const isStale = (index: number): boolean => {
    const parent = forest.parentOf(index);
    if (stateOf(index) === STATE.unplaced || placedFor[index] !== parent) return true;
    const isHidden = parent !== NONE && (stateOf(parent) !== STATE.placed || hidesChildren(parent));
    return (stateOf(index) === STATE.placed) === (isHidden || folds.isAway(index));
  };

  const takeInMoves = (): boolean => {
    const folded = [...new Set(folds.changes.slice(readFolds))].sort((a, b) => a - b);
    const changed = forest.moves.slice(read);
    readFolds = folds.changes.length;
    read = forest.moves.length;
    changed.push(...folded);
    // Whoever comes to stand for others, or no longer does, hides or shows what is below it.
    for (const index of folded) changed.push(...childrenOf(index));
    const stale = changed.filter(isStale);
    for (const index of stale) if (stateOf(index) !== STATE.unplaced) takeAway(index);
    for (const index of stale) if (stateOf(index) === STATE.unplaced) placeWithParents(index);
    return stale.length > 0;
  };

  const shown = (from: number, step: (index: number) => number): number => {
    let at = step(from);
    while (at !== NONE && folds.isAway(at)) at = step(at);
    return at;
  };

  const search = createCardSearch(() => rows, uOf, axes);
  const lengthU = (): number => extentU + CARD.margin;
  const lengthV = (): number => 2 * CARD.margin + rows.count * pitchV - gapV;

  return {
    forest,
    folds,
    axes,
    get x() {
      return isDown ? v : u;
    },
    get y() {
      return isDown ? u : v;
    },
    get u() {
      return u;
    },
    get v() {
      return v;
    },
    get size() {
      return size;
    },
    get width() {
      return isDown ? lengthV() : lengthU();
    },
    get height() {
      return isDown ? lengthU() : lengthV();
    },
    isPlaced: (index) => stateOf(index) === STATE.placed,
    depthOf: (index) => depths[index] ?? 0,
    isBeneath(index) {
      const parent = forest.parentOf(index);
      return parent !== NONE && u[index] === uOf(parent) + indent;
    },
    rowMateBefore: (index) => rows.leftAt(rowOf(index), uOf(index) - 1),
    previousShown: (index) => shown(index, (at) => forest.previousSiblingOf(at)),
    nextShown: (index) => shown(index, (at) => forest.nextSiblingOf(at)),
    visit: (x0, y0, x1, y1, callback) =>
      isDown ? search.visit(y0, x0, y1, x1, callback) : search.visit(x0, y0, x1, y1, callback),
    at: (x, y) => (isDown ? search.at(y, x) : search.at(x, y)),
    nearest: (x0, y0, x1, y1) => (isDown ? search.nearest(y0, x0, y1, x1) : search.nearest(x0, y0, x1, y1)),
    update(nowCollapsed) {
      makeRoom();
      const first = read === 0 && forest.moves.length > 0;
      const other = readTurns !== folds.turns || !sameSet(collapsed, nowCollapsed);
      collapsed = nowCollapsed;
      readTurns = folds.turns;
      if (!first && !other) return takeInMoves();
      placeAll();
      return true;
    },
  };
}
