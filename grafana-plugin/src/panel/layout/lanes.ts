import type { CardRows } from './card-rows';
import { NONE } from './forest';
import type { SuffixMax } from './suffix-max';
import { CARD, type TreeAxes } from './tree-sizes';

/** Where a card goes: px at 100 % along u, and the number of its row. */
export interface Spot {
  readonly u: number;
  readonly row: number;
}

export interface Lanes {
  addRoot(index: number): Spot;
  addChild(index: number, parent: number, parentRow: number): Spot;
  remove(index: number): void;
}

/** A stack of cards that grows row by row, one a row, nothing of another lane between its edge and its cards. */
interface Lane {
  readonly u: number;
  bottom: number;
  /** The card of each of its rows, the last one in row `bottom`; NONE where one was taken away. */
  readonly cards: number[];
  /**
   * The nodes on the way from the lane's top to its bottom card, or the first of them: only they can get a child beneath.
   * Whoever leaves it, since something else stands further on, never comes back: so all the work on it is O(cards).
   */
  readonly open: number[];
}

/**
 * Finds places in the lanes of a tree. Each root has a lane, beyond all that stands along u. A parent whose lane has gone on
 * below it, or has run into another, opens one for its further children: beyond all cards from its own row on, so that
 * neither is in the way of the other. The first row belongs to the roots, where an arrow means order.
 */
export function createLanes(
  rows: CardRows,
  edges: SuffixMax,
  uOf: (index: number) => number,
  { cardU, gapU, indent }: TreeAxes,
): Lanes {
  const laneOf: (Lane | undefined)[] = [];
  /** Where each node stands in its lane's `open`. */
  const openAt: number[] = [];
  /** And where in its `cards`. */
  const cardAt: number[] = [];
  /** The lane beside a parent, opened last. */
  const beside = new Map<number, Lane>();

  /** Whether a card fits in the next row of the lane, and no line of either lane would run through a card of the other. */
  const fits = (lane: Lane, u: number): boolean => {
    const row = lane.bottom + 1;
    const left = rows.leftAt(row, u);
    if (left !== NONE && uOf(left) + cardU + gapU > lane.u) return false;
    const right = rows.rightOf(row, u);
    return right === NONE || (laneOf[right]?.u ?? 0) >= u + cardU + gapU;
  };

  const push = (lane: Lane, index: number, keep: number, u: number): Spot => {
    lane.open.length = keep;
    lane.open.push(index);
    lane.bottom++;
    lane.cards.push(index);
    cardAt[index] = lane.cards.length - 1;
    laneOf[index] = lane;
    openAt[index] = keep;
    return { u, row: lane.bottom };
  };

  const openLane = (row: number): Lane => {
    const edge = edges.from(row);
    return { u: edge === 0 ? CARD.margin : edge + gapU, bottom: row - 1, cards: [], open: [] };
  };

  return {
    addRoot(index) {
      const lane = openLane(0);
      return push(lane, index, 0, lane.u);
    },
    addChild(index, parent, parentRow) {
      const home = laneOf[parent];
      const at = openAt[parent] ?? 0;
      const u = uOf(parent) + indent;
      if (home?.open[at] === parent && fits(home, u)) return push(home, index, at + 1, u);
      const known = beside.get(parent);
      if (known !== undefined && fits(known, known.u)) return push(known, index, 0, known.u);
      const lane = openLane(Math.max(1, parentRow));
      beside.set(parent, lane);
      return push(lane, index, 0, lane.u);
    },
    remove(index) {
      const lane = laneOf[index];
      const at = openAt[index] ?? 0;
      if (lane === undefined) return;
      if (lane.open[at] === index) lane.open.length = at;
      lane.cards[cardAt[index] ?? 0] = NONE;
      // What stood last leaves its row to whoever comes next.
      while (lane.cards.at(-1) === NONE) {
        lane.cards.pop();
        lane.bottom--;
      }
      laneOf[index] = undefined;
      beside.delete(index);
    },
  };
}
