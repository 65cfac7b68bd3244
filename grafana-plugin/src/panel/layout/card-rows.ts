import { NONE } from './forest';

/** The cards of each row from left to right, by the nodes' indices. */
export interface CardRows {
  /** How many rows there are; some may be empty. */
  readonly count: number;
  insert(row: number, index: number): void;
  remove(row: number, index: number): void;
  /** The last card of the row that begins at x or left of it, or NONE. */
  leftAt(row: number, x: number): number;
  /** The first card of the row that begins right of x, or NONE. */
  rightOf(row: number, x: number): number;
  /** Calls back with the cards of a row that begin in the range, both ends included. */
  visit(row: number, fromX: number, toX: number, callback: (index: number) => void): void;
}

export function createCardRows(xOf: (index: number) => number): CardRows {
  const rows: number[][] = [];

  /** How many cards of the row begin at x or left of it. */
  const countUpTo = (cards: readonly number[], x: number): number => {
    let low = 0;
    let high = cards.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (xOf(cards[middle] ?? NONE) <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get count() {
      return rows.length;
    },
    insert(row, index) {
      while (rows.length <= row) rows.push([]);
      const cards = rows[row] ?? [];
      const position = countUpTo(cards, xOf(index));
      if (position === cards.length) cards.push(index);
      else cards.splice(position, 0, index);
    },
    remove(row, index) {
      const cards = rows[row] ?? [];
      const position = countUpTo(cards, xOf(index)) - 1;
      if (cards[position] === index) cards.splice(position, 1);
    },
    leftAt(row, x) {
      const cards = rows[row] ?? [];
      return cards[countUpTo(cards, x) - 1] ?? NONE;
    },
    rightOf(row, x) {
      const cards = rows[row] ?? [];
      return cards[countUpTo(cards, x)] ?? NONE;
    },
    visit(row, fromX, toX, callback) {
      const cards = rows[row];
      if (cards === undefined) return;
      // One back, since a card may begin at the very end of the range. Most rows hold one card, which needs no search.
      const first = cards.length < 2 ? 0 : Math.max(0, countUpTo(cards, fromX) - 1);
      for (let i = first; i < cards.length; i++) {
        const index = cards[i] ?? NONE;
        const x = xOf(index);
        if (x > toX) return;
        if (x >= fromX) callback(index);
      }
    },
  };
}
