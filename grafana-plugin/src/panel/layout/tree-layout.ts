import { createCardRows } from './card-rows';
import { NONE, type Forest } from './forest';
import { createLanes } from './lanes';
import { createSuffixMax } from './suffix-max';
import { CARD, ROW_PITCH } from './tree-sizes';

/** Where the cards of one flow stand, in px at 100 %. Nodes are named by their indices. */
export interface TreeLayout {
  readonly forest: Forest;
  /** Left edge of each node's card; means something only where `isPlaced`. */
  readonly x: Float64Array;
  /** Top edge of each node's card. */
  readonly y: Float64Array;
  /** How many nodes stand somewhere: all but those below a collapsed one. */
  readonly size: number;
  /** Of the whole drawing, with a margin on all sides. */
  readonly width: number;
  readonly height: number;
  isPlaced(index: number): boolean;
  /** Levels above the node. */
  depthOf(index: number): number;
  /** Whether the card stands below its parent, not in a lane beside it. */
  isBeneath(index: number): boolean;
  /** The nearest card in the same row that begins left of this one, or NONE. */
  leftOf(index: number): number;
  /** Calls back with each card that the rectangle touches, row by row. */
  visit(x0: number, y0: number, x1: number, y1: number, callback: (index: number) => void): void;
  /** The card at a point, or NONE. */
  at(x: number, y: number): number;
  /** A card of these rows whose middle is in the range of x, else the nearest to it, or NONE. */
  nearest(x0: number, y0: number, x1: number, y1: number): number;
  /**
   * Takes in what has moved in the forest since the last call: O(changed). Another set of collapsed nodes places all anew.
   *
   * @returns whether a card was placed or taken away
   */
  update(collapsed: ReadonlySet<string>): boolean;
}

/** Hidden is what is below a collapsed node; to know that spares a look at its parents. */
const STATE = { unplaced: 0, placed: 1, hidden: 2 } as const;

const FIRST_CAPACITY = 64;
const GROWTH = 2;
const NOTHING: ReadonlySet<string> = new Set();

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a === b || (a.size === b.size && [...a].every((id) => b.has(id)));
}

/**
 * Roots stand in one row. Children stand beneath their parent, indented, one below the other. A card that stands never
 * moves when another arrives: what finds its place taken stands in a lane to the right instead. A node that gets another
 * parent is placed anew, and all below go with it.
 */
export function createTreeLayout(forest: Forest): TreeLayout {
  let capacity = FIRST_CAPACITY;
  let x = new Float64Array(capacity);
  let y = new Float64Array(capacity);
  let states = new Uint8Array(capacity);
  let depths = new Int32Array(capacity);
  /** The parent each node was placed for. */
  let placedFor = new Int32Array(capacity);
  let size = 0;
  let width = 0;
  let collapsed: ReadonlySet<string> = NOTHING;
  let read = 0;
  let rows = createCardRows((index) => x[index] ?? 0);
  let rightEdges = createSuffixMax();
  let lanes = createLanes(rows, rightEdges, (index) => x[index] ?? 0);

  const makeRoom = (): void => {
    if (forest.size <= capacity) return;
    while (capacity < forest.size) capacity *= GROWTH;
    const grown = <T extends Float64Array | Uint8Array | Int32Array>(larger: T, array: T): T => {
      larger.set(array);
      return larger;
    };
    x = grown(new Float64Array(capacity), x);
    y = grown(new Float64Array(capacity), y);
    states = grown(new Uint8Array(capacity), states);
    depths = grown(new Int32Array(capacity), depths);
    placedFor = grown(new Int32Array(capacity), placedFor);
  };

  const rowOf = (index: number): number => Math.round(((y[index] ?? 0) - CARD.margin) / ROW_PITCH);
  const stateOf = (index: number): number => states[index] ?? STATE.unplaced;
  const hidesChildren = (index: number): boolean =>
    collapsed.size > 0 && collapsed.has(forest.nodes.list[index]?.id ?? '');

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
    if (parent !== NONE && (stateOf(parent) !== STATE.placed || hidesChildren(parent))) {
      states[index] = STATE.hidden;
      return true;
    }
    const spot = parent === NONE ? lanes.addRoot(index) : lanes.addChild(index, parent, rowOf(parent));
    x[index] = spot.x;
    y[index] = CARD.margin + spot.row * ROW_PITCH;
    depths[index] = parent === NONE ? 0 : (depths[parent] ?? 0) + 1;
    states[index] = STATE.placed;
    rows.insert(spot.row, index);
    rightEdges.raise(spot.row, spot.x + CARD.width);
    width = Math.max(width, spot.x + CARD.width);
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
    rows = createCardRows((index) => x[index] ?? 0);
    rightEdges = createSuffixMax();
    lanes = createLanes(rows, rightEdges, (index) => x[index] ?? 0);
    states.fill(STATE.unplaced);
    size = 0;
    width = 0;
    for (let root = forest.firstRoot; root !== NONE; root = forest.nextSiblingOf(root)) walk(root, place);
    read = forest.moves.length;
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

  const takeInMoves = (): boolean => {
    const moved = forest.moves.slice(read);
    read = forest.moves.length;
    const stale = moved.filter((i) => stateOf(i) === STATE.unplaced || placedFor[i] !== forest.parentOf(i));
    for (const index of stale) if (stateOf(index) !== STATE.unplaced) takeAway(index);
    for (const index of stale) if (stateOf(index) === STATE.unplaced) placeWithParents(index);
    return stale.length > 0;
  };

  return {
    forest,
    get x() {
      return x;
    },
    get y() {
      return y;
    },
    get size() {
      return size;
    },
    get width() {
      return width + CARD.margin;
    },
    get height() {
      return 2 * CARD.margin + rows.count * ROW_PITCH - CARD.gapY;
    },
    isPlaced: (index) => stateOf(index) === STATE.placed,
    depthOf: (index) => depths[index] ?? 0,
    isBeneath(index) {
      const parent = forest.parentOf(index);
      return parent !== NONE && x[index] === (x[parent] ?? 0) + CARD.indent;
    },
    leftOf: (index) => rows.leftAt(rowOf(index), (x[index] ?? 0) - 1),
    visit(x0, y0, x1, y1, callback) {
      const first = Math.max(0, Math.ceil((y0 - CARD.margin - CARD.height) / ROW_PITCH));
      const last = Math.min(rows.count - 1, Math.floor((y1 - CARD.margin) / ROW_PITCH));
      for (let row = first; row <= last; row++) rows.visit(row, x0 - CARD.width, x1, callback);
    },
    at(px, py) {
      const row = Math.floor((py - CARD.margin) / ROW_PITCH);
      if (row < 0 || py - CARD.margin - row * ROW_PITCH > CARD.height) return NONE;
      const index = rows.leftAt(row, px);
      return index !== NONE && px <= (x[index] ?? 0) + CARD.width ? index : NONE;
    },
    nearest(x0, y0, x1, y1) {
      const first = Math.max(0, Math.floor((y0 - CARD.margin) / ROW_PITCH));
      const last = Math.min(rows.count - 1, Math.floor((y1 - CARD.margin) / ROW_PITCH));
      const middle = (x0 + x1) / 2;
      let best = NONE;
      let bestDistance = Infinity;
      for (let row = first; row <= last; row++) {
        for (const index of [rows.leftAt(row, middle), rows.rightOf(row, middle)]) {
          const distance = index === NONE ? Infinity : Math.abs((x[index] ?? 0) + CARD.width / 2 - middle);
          if (distance < bestDistance) [best, bestDistance] = [index, distance];
        }
        // In the range already: none can be nearer than in sight.
        if (bestDistance < (x1 - x0) / 2) break;
      }
      return best;
    },
    update(nowCollapsed) {
      makeRoom();
      const first = read === 0 && forest.moves.length > 0;
      const other = !sameSet(collapsed, nowCollapsed);
      collapsed = nowCollapsed;
      if (!first && !other) return takeInMoves();
      placeAll();
      return true;
    },
  };
}
