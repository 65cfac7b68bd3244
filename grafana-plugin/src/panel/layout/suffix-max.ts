/** The greatest value at or after a position, kept up as values grow. Both take O(log positions). */
export interface SuffixMax {
  /** Raises the value at a position; a smaller one changes nothing. */
  raise(position: number, value: number): void;
  /** The greatest value at this position or after it; 0 where there is none. */
  from(position: number): number;
}

const FIRST_CAPACITY = 64;
const GROWTH = 2;

/** A Fenwick tree whose cell i covers the positions from i on, as many as i's lowest bit says, so it grows without work. */
export function createSuffixMax(): SuffixMax {
  let cells = new Float64Array(FIRST_CAPACITY);
  return {
    raise(position, value) {
      if (position + 1 >= cells.length) {
        const larger = new Float64Array(Math.max(cells.length * GROWTH, position + 2));
        larger.set(cells);
        cells = larger;
      }
      for (let i = position + 1; i > 0; i -= i & -i) cells[i] = Math.max(cells[i] ?? 0, value);
    },
    from(position) {
      let greatest = 0;
      for (let i = position + 1; i < cells.length; i += i & -i) greatest = Math.max(greatest, cells[i] ?? 0);
      return greatest;
    },
  };
}
