/** The median of values that keep coming. */
export interface RunningMedian {
  /** O(log values). */
  add(value: number): void;
  /** Of an even number of values the lower of the two in the middle; null of none. */
  readonly value: number | null;
}

/** A binary heap whose top comes before all others. */
function createHeap(isBefore: (a: number, b: number) => boolean) {
  const items: number[] = [];
  const at = (position: number): number => items[position] ?? 0;
  const swap = (a: number, b: number): void => {
    [items[a], items[b]] = [at(b), at(a)];
  };
  return {
    get size() {
      return items.length;
    },
    get top() {
      return at(0);
    },
    push(value: number) {
      items.push(value);
      let position = items.length - 1;
      while (position > 0 && isBefore(at(position), at((position - 1) >>> 1))) {
        swap(position, (position - 1) >>> 1);
        position = (position - 1) >>> 1;
      }
    },
    pop(): number {
      const top = at(0);
      const last = items.pop() ?? 0;
      if (items.length === 0) return top;
      items[0] = last;
      for (let position = 0; ;) {
        let best = position;
        for (const child of [2 * position + 1, 2 * position + 2]) {
          if (child < items.length && isBefore(at(child), at(best))) best = child;
        }
        if (best === position) return top;
        swap(position, best);
        position = best;
      }
    },
  };
}

/** Two heaps that meet in the middle: the lower one holds as many values as the upper one, or one more. */
export function createRunningMedian(): RunningMedian {
  const lower = createHeap((a, b) => a > b);
  const upper = createHeap((a, b) => a < b);
  return {
    get value() {
      return lower.size === 0 ? null : lower.top;
    },
    add(value) {
      if (lower.size === 0 || value <= lower.top) lower.push(value);
      else upper.push(value);
      if (lower.size > upper.size + 1) upper.push(lower.pop());
      else if (upper.size > lower.size) lower.push(upper.pop());
    },
  };
}
