import { BridgeError } from '../../errors';
import type { SlotWidth, StatsRange } from './checkpoint-stats-store';

const MS_PER_DAY = 86_400_000;
/** How long slots are kept, as `flow.drop_day_partitions` keeps them; those of an hour as long as flows are. */
export const KEPT_DAYS: Record<SlotWidth, number> = { 60: 8, 600: 32, 3600: Infinity };
/** Intervals that an answer may have. */
const MAX_INTERVALS = 1_000;
/** Interval by the longest range that it is the default for, in ms. */
const DEFAULT_INTERVALS: readonly (readonly [rangeMs: number, intervalS: number])[] = [
  [MS_PER_DAY / 4, 60],
  [2 * MS_PER_DAY, 600],
  [16 * MS_PER_DAY, 3_600],
  [Infinity, 86_400],
];

const refuse = (field: string, expected: string, got: unknown): never => {
  const details = [{ field, expected, got: String(got) }];
  throw new BridgeError('invalid_request', 400, `${field}: ${expected}, got ${String(got)}`, { details });
};

function isKept(slotS: SlotWidth, fromTs: number): boolean {
  return fromTs >= Date.now() - KEPT_DAYS[slotS] * MS_PER_DAY;
}

/** The widest slots that divide the interval and go back far enough. */
function slotsFor(intervalS: number, fromTs: number): SlotWidth {
  const dividing = ([3600, 600, 60] as const).filter((slotS) => intervalS % slotS === 0);
  const slotS = dividing.find((width) => isKept(width, fromTs));
  if (slotS !== undefined) return slotS;
  const kept = isKept(600, fromTs) ? '10m' : '1h';
  return refuse('interval', `expected a multiple of ${kept} for times so long ago`, `${intervalS}s`);
}

function defaultInterval(rangeMs: number, fromTs: number): number {
  const byRange = DEFAULT_INTERVALS.find(([longest]) => rangeMs <= longest)?.[1] ?? 86_400;
  const kept = isKept(60, fromTs) ? 60 : isKept(600, fromTs) ? 600 : 3600;
  return Math.max(byRange, kept);
}

/** The range widened to whole intervals. */
function alignRange(fromTs: number, toTs: number, intervalS: number): { fromTs: number; toTs: number } {
  const intervalMs = intervalS * 1_000;
  const from = Math.floor(fromTs / intervalMs) * intervalMs;
  return { fromTs: from, toTs: Math.max(Math.ceil(toTs / intervalMs) * intervalMs, from + intervalMs) };
}

/**
 * The range in whole intervals, and the slots that they are summed from.
 *
 * @throws {BridgeError} `invalid_request`: too many intervals, or slots that are not kept for so long
 */
export function chooseRange(
  fromTs: number,
  toTs: number,
  wantedS: number | undefined,
): StatsRange & { intervalS: number } {
  if (toTs < fromTs) refuse('to', 'expected a time after from', new Date(toTs).toISOString());
  const intervalS = wantedS ?? defaultInterval(toTs - fromTs, fromTs);
  const aligned = alignRange(fromTs, toTs, intervalS);
  const intervals = (aligned.toTs - aligned.fromTs) / (intervalS * 1_000);
  if (intervals > MAX_INTERVALS) {
    refuse(
      'interval',
      `expected one that gives at most ${MAX_INTERVALS} slots`,
      `${intervalS}s, which gives ${intervals}`,
    );
  }
  return { ...aligned, intervalS, slotS: slotsFor(intervalS, fromTs) };
}

/** The range widened to the fewest slots: whole hours where they are enough. */
export function fewestSlots(fromTs: number, toTs: number): StatsRange {
  if (toTs < fromTs) refuse('to', 'expected a time after from', new Date(toTs).toISOString());
  const intervalS = toTs - fromTs > MS_PER_DAY / 4 ? 3_600 : defaultInterval(toTs - fromTs, fromTs);
  return { ...alignRange(fromTs, toTs, intervalS), slotS: slotsFor(intervalS, fromTs) };
}

/** Seconds of a span that have passed: what is still to come takes no part in a rate. */
export function passedSeconds(fromTs: number, toTs: number): number {
  return Math.max(1, (Math.min(toTs, Date.now()) - fromTs) / 1_000);
}
