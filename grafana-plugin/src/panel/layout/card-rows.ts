import { NONE } from './forest';

/** The cards of each row in their order along u, by the nodes' indices. */
export interface CardRows {
  /** How many rows there are; some may be empty. */
  readonly count: number;
  insert(row: number, indeu: number): void;
  remove(row: number, indeu: number): void;
  /** The last card of the row that begins at u or before it, or NONE. */
  leftAt(row: number, u: number): number;
  /** The first card of the row that begins behind u, or NONE. */
  rightOf(row: number, u: number): number;
  /** Calls back with the cards of a row that begin in the range, both ends included. */
  visit(row: number, fromU: number, toU: number, callback: (indeu: number) => void): void;
}

export function createCardRows(uOf: (indeu: number) => number): CardRows {
  const rows: number[][] = [];

  /** How many cards of the row begin at u or before it. */
  const countUpTo = (cards: readonly number[], u: number): number => {
    let low = 0;
    let high = cards.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (uOf(cards[middle] ?? NONE) <= u) low = middle + 1;
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
      const position = countUpTo(cards, uOf(index));
      if (position === cards.length) cards.push(index);
      else cards.splice(position, 0, index);
    },
    remove(row, index) {
      const cards = rows[row] ?? [];
      const position = countUpTo(cards, uOf(index)) - 1;
      if (cards[position] === index) cards.splice(position, 1);
    },
    leftAt(row, u) {
      const cards = rows[row] ?? [];
      return cards[countUpTo(cards, u) - 1] ?? NONE;
    },
    rightOf(row, u) {
      const cards = rows[row] ?? [];
      return cards[countUpTo(cards, u)] ?? NONE;
    },
    visit(row, fromU, toU, callback) {
      const cards = rows[row];
      if (cards === undefined) return;
      // One back, since a card may begin at the very end of the range. Most rows hold one card, which needs no search.
      const first = cards.length < 2 ? 0 : Math.max(0, countUpTo(cards, fromU) - 1);
      for (let i = first; i < cards.length; i++) {
        const index = cards[i] ?? NONE;
        const u = uOf(index);
        if (u > toU) return;
        if (u >= fromU) callback(index);
      }
    },
  };
}
