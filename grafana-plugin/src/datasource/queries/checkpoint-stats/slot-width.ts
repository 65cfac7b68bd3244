const S_PER_DAY = 86_400;
const WIDTHS_S = [60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200].concat(
  [1, 2, 7, 14, 28, 90, 364].map((days) => days * S_PER_DAY),
);
/** Slots of one answer of the bridge; two less, as a range is widened to whole slots. */
const MAX_SLOTS = 998;
/** How long the bridge keeps slots of a minute, and of ten; a day less, as it has a clock of its own. */
const MINUTES_KEPT_DAYS = 7;
const TENS_KEPT_DAYS = 31;

/**
 * The narrowest slot that is no narrower than what is asked for, gives no more slots than an answer holds, and is kept for
 * so long.
 *
 * @returns seconds
 */
export function slotWidthS(fromTs: number, toTs: number, intervalMs: number, nowTs = Date.now()): number {
  const ageDays = (nowTs - fromTs) / 1_000 / S_PER_DAY;
  const keptS = ageDays > TENS_KEPT_DAYS ? 3_600 : ageDays > MINUTES_KEPT_DAYS ? 600 : 60;
  const leastS = Math.max(intervalMs / 1_000, (toTs - fromTs) / 1_000 / MAX_SLOTS);
  const fitting = WIDTHS_S.find((widthS) => widthS >= leastS && widthS % keptS === 0);
  return fitting ?? WIDTHS_S[WIDTHS_S.length - 1] ?? S_PER_DAY;
}
