import type { CardRows } from './card-rows';
import { NONE } from './forest';
import { CARD, type TreeAxes } from './tree-sizes';

/** Finds cards by where they stand, by the tree's own axes, px at 100 %. */
export interface CardSearch {
  /** Calls back with each card that the rectangle touches, row by row. */
  visit(u0: number, v0: number, u1: number, v1: number, callback: (index: number) => void): void;
  /** The card at a point, or NONE. */
  at(u: number, v: number): number;
  /**
   * Of the rows with a part of their cards between v0 and v1: a card whose middle lies between u0 and u1, else the nearest to
   * it, or NONE.
   */
  nearest(u0: number, v0: number, u1: number, v1: number): number;
}

/** @param rowsNow the rows as they are; other ones when all was placed anew */
export function createCardSearch(
  rowsNow: () => CardRows,
  uOf: (index: number) => number,
  { cardU, cardV, pitchV }: TreeAxes,
): CardSearch {
  return {
    visit(u0, v0, u1, v1, callback) {
      const rows = rowsNow();
      const first = Math.max(0, Math.ceil((v0 - CARD.margin - cardV) / pitchV));
      const last = Math.min(rows.count - 1, Math.floor((v1 - CARD.margin) / pitchV));
      for (let row = first; row <= last; row++) rows.visit(row, u0 - cardU, u1, callback);
    },
    at(u, v) {
      const row = Math.floor((v - CARD.margin) / pitchV);
      if (row < 0 || v - CARD.margin - row * pitchV > cardV) return NONE;
      const index = rowsNow().leftAt(row, u);
      return index !== NONE && u <= uOf(index) + cardU ? index : NONE;
    },
    nearest(u0, v0, u1, v1) {
      const rows = rowsNow();
      // Of a row whose cards have just left, only the gap below them is touched.
      const first = Math.max(0, Math.floor((v0 - CARD.margin - cardV) / pitchV) + 1);
      const last = Math.min(rows.count - 1, Math.ceil((v1 - CARD.margin) / pitchV) - 1);
      const middle = (u0 + u1) / 2;
      let best = NONE;
      let bestDistance = Infinity;
      for (let row = first; row <= last; row++) {
        for (const index of [rows.leftAt(row, middle), rows.rightOf(row, middle)]) {
          const distance = index === NONE ? Infinity : Math.abs(uOf(index) + cardU / 2 - middle);
          if (distance < bestDistance) [best, bestDistance] = [index, distance];
        }
        // In the range already: none can be nearer than in sight.
        if (bestDistance < (u1 - u0) / 2) break;
      }
      return best;
    },
  };
}
