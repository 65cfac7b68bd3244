import type { CardRows } from './card-rows';
import { NONE } from './forest';
import type { SuffixMax } from './suffix-max';
import { CARD } from './tree-sizes';

/** Where a card goes: px at 100 %, and the number of its row. */
export interface Spot {
  readonly x: number;
  readonly row: number;
}

export interface Lanes {
  addRoot(index: number): Spot;
  addChild(index: number, parent: number, parentRow: number): Spot;
  remove(index: number): void;
}

/** A stack of cards that grows downwards, one a row, nothing of another lane between its left edge and its cards. */
interface Lane {
  readonly x: number;
  bottom: number;
  /**
   * The nodes on the way from the lane's top to its bottom card: only they can get a child beneath. Whoever leaves it, since
   * something else stands below, never comes back: so all the work on it is O(cards).
   */
  readonly open: number[];
}

/**
 * Finds places in the lanes of a tree. Each root has a lane, right of all that stands. A parent whose lane has gone on below
 * it, or has run into another, opens one for its further children: right of all cards from its own row down, so that
 * neither is in the way of the other. The first row belongs to the roots, where an arrow means order.
 */
export function createLanes(rows: CardRows, rightEdges: SuffixMax, xOf: (index: number) => number): Lanes {
  const laneOf: (Lane | undefined)[] = [];
  /** Where each node stands in its lane's `open`. */
  const openAt: number[] = [];
  /** The lane beside a parent, opened last. */
  const beside = new Map<number, Lane>();

  /** Whether a card fits in the next row of the lane, and no line of either lane would run through a card of the other. */
  const fits = (lane: Lane, x: number): boolean => {
    const row = lane.bottom + 1;
    const left = rows.leftAt(row, x);
    if (left !== NONE && xOf(left) + CARD.width + CARD.gapX > lane.x) return false;
    const right = rows.rightOf(row, x);
    return right === NONE || (laneOf[right]?.x ?? 0) >= x + CARD.width + CARD.gapX;
  };

  const push = (lane: Lane, index: number, keep: number, x: number): Spot => {
    lane.open.length = keep;
    lane.open.push(index);
    lane.bottom++;
    laneOf[index] = lane;
    openAt[index] = keep;
    return { x, row: lane.bottom };
  };

  const openLane = (row: number): Lane => {
    const edge = rightEdges.from(row);
    return { x: edge === 0 ? CARD.margin : edge + CARD.gapX, bottom: row - 1, open: [] };
  };

  return {
    addRoot(index) {
      const lane = openLane(0);
      return push(lane, index, 0, lane.x);
    },
    addChild(index, parent, parentRow) {
      const home = laneOf[parent];
      const at = openAt[parent] ?? 0;
      const x = xOf(parent) + CARD.indent;
      if (home?.open[at] === parent && fits(home, x)) return push(home, index, at + 1, x);
      const known = beside.get(parent);
      if (known !== undefined && fits(known, known.x)) return push(known, index, 0, known.x);
      const lane = openLane(Math.max(1, parentRow));
      beside.set(parent, lane);
      return push(lane, index, 0, lane.x);
    },
    remove(index) {
      const lane = laneOf[index];
      const at = openAt[index] ?? 0;
      if (lane?.open[at] === index) lane.open.length = at;
      laneOf[index] = undefined;
      beside.delete(index);
    },
  };
}
