import { t } from '../texts/t';
import { formatFixed } from './format';
import type { SlowMark } from './layout/slow-limits';
import type { FormatDuration } from './looks';

/** Stands before what is said of a slow node, so that colour is not all that tells it. */
export const SLOW_SIGN = '▲';

/** Below this factor a number with one decimal would read as none. */
const TOLD_FROM = 1.05;

function shownFactor(factor: number): string | number {
  return factor < 9.95 ? formatFixed(factor, 1) : Math.round(factor);
}

/** Short, to stand beside a duration: `1.7× p95`, `over p95`, `over 2.0 s`. */
export function slowText({ factor, step }: SlowMark, duration: FormatDuration): string {
  if (factor === null) return step === null ? '' : t('figures.over', { duration: duration(step.fromMs) });
  return factor < TOLD_FROM ? t('figures.over-p95') : t('figures.times-p95', { factor: shownFactor(factor) });
}

/** The same for those who hear it or point at it. */
export function slowWords({ factor, step }: SlowMark, duration: FormatDuration): string {
  if (factor === null) return step === null ? '' : t('figures.slow-over', { duration: duration(step.fromMs) });
  return factor < TOLD_FROM ? t('figures.slow-over-p95') : t('figures.slow-times-p95', { factor: shownFactor(factor) });
}
