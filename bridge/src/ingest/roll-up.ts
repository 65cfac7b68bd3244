import type { EndedCheckpoint, StatsChanges } from './rows';
import { NARROWEST_SECONDS, SLOT_SECONDS, slotBegin } from './slots';

/** What a batch adds to one row of a roll-up. */
export interface SlotSums {
  slotSeconds: number;
  /** Begin of the slot, epoch s. */
  slotAt: number;
  histogram: number[];
}

/** What is special to one roll-up. */
export interface RollUp<Sums extends SlotSums> {
  /** What a row is about, apart from its slot; undefined: it does not count this end. */
  keyOf(end: EndedCheckpoint): string | undefined;
  /** A row with nothing in it. */
  begin(end: EndedCheckpoint): Omit<Sums, keyof SlotSums>;
  addEnd(sums: Sums, end: EndedCheckpoint, times: 1 | -1): void;
  addSums(sums: Sums, other: Sums): void;
}

/**
 * The rows of what has ended, less what is taken back. Each end is counted once, in a slot of the narrowest width, and wider
 * slots are the sums of those few. All in one order, since two bridges that lock the same rows in another order deadlock.
 */
export function rollUp<Sums extends SlotSums>(rule: RollUp<Sums>, { ended, takenBack }: StatsChanges): Sums[] {
  const narrow = new Map<string, { about: string; sums: Sums }>();
  const count = (end: EndedCheckpoint, times: 1 | -1): void => {
    const about = rule.keyOf(end);
    if (about === undefined) return;
    const slotAt = slotBegin(end.endedTs);
    const key = `${slotAt}:${about}`;
    let slot = narrow.get(key);
    if (slot === undefined) {
      const sums = { ...rule.begin(end), slotSeconds: NARROWEST_SECONDS, slotAt, histogram: [] } as unknown as Sums;
      narrow.set(key, (slot = { about, sums }));
    }
    rule.addEnd(slot.sums, end, times);
  };
  for (const end of ended) count(end, 1);
  for (const end of takenBack) count(end, -1);

  const all = new Map<string, Sums>();
  for (const { about, sums } of narrow.values()) {
    for (const slotSeconds of SLOT_SECONDS) {
      const slotAt = Math.floor(sums.slotAt / slotSeconds) * slotSeconds;
      const key = `${slotSeconds}:${slotAt}:${about}`;
      const wide = all.get(key);
      if (wide === undefined) all.set(key, { ...sums, slotSeconds, slotAt, histogram: [...sums.histogram] });
      else rule.addSums(wide, sums);
    }
  }
  return [...all.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums);
}
