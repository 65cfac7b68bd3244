import type { SlowMark } from './layout/slow-limits';
import type { FormatDuration } from './looks';

/** Stands before what is said of a slow node, so that colour is not all that tells it. */
export const SLOW_SIGN = '▲';

/** Below this factor a number with one decimal would read as none. */
const TOLD_FROM = 1.05;

function factorText(factor: number): string {
  return factor < 9.95 ? factor.toFixed(1) : Math.round(factor).toLocaleString('en');
}

/** Short, to stand beside a duration: `1.7× p95`, `over p95`, `over 2.0 s`. */
export function slowText({ factor, step }: SlowMark, duration: FormatDuration): string {
  if (factor === null) return step === null ? '' : `over ${duration(step.fromMs)}`;
  return factor < TOLD_FROM ? 'over p95' : `${factorText(factor)}× p95`;
}

/** The same for those who hear it or point at it. */
export function slowWords({ factor, step }: SlowMark, duration: FormatDuration): string {
  if (factor === null) return step === null ? '' : `slow: over the threshold of ${duration(step.fromMs)}`;
  return factor < TOLD_FROM
    ? 'slow: over its p95 of the last 24 hours'
    : `slow: ${factorText(factor)} times its p95 of the last 24 hours`;
}
