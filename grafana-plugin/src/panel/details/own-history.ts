import { LEAST_SAMPLES, type PastFigures } from '../../frames/history';
import { t } from '../../texts/t';
import { formatFixed } from '../format';
import type { FormatDuration } from '../looks';

/** `p50 412 ms · p95 2.1 s · fails 4 % of 1,200 in 24 h`, or why there is no comparison. */
export function historyText(history: PastFigures, duration: FormatDuration): string {
  const { count, errors, p50Ms, p95Ms } = history;
  if (count < LEAST_SAMPLES) return t('details.history.too-few', { count });
  const percent = (errors / count) * 100;
  const values = { p50: duration(p50Ms), p95: duration(p95Ms), samples: count };
  if (errors === 0) return t('details.history.never-failed', values);
  return percent < 0.95
    ? t('details.history.fails-rarely', values)
    : t('details.history.fails', { ...values, percent: Math.round(percent) });
}

/** How this one compares, in a sentence. */
export function verdictText(ms: number, { p50Ms, p95Ms }: PastFigures): string {
  if (ms > p95Ms) {
    const factor = ms / Math.max(p95Ms, 0.001);
    return factor < 1.05
      ? t('details.history.little-over')
      : t('details.history.over', { factor: factor < 10 ? formatFixed(factor, 1) : Math.round(factor) });
  }
  return ms <= p50Ms ? t('details.history.faster-half') : t('details.history.slower-half');
}

/** What the scale has beyond the outermost of them. */
const EDGE = Math.log(1.6);

/** Where three durations stand on one logarithmic scale, 0 to 1. */
export function historyScale(ms: number, { p50Ms, p95Ms }: PastFigures): { this: number; p50: number; p95: number } {
  const log = (value: number): number => Math.log(Math.max(value, 0.01));
  const from = log(Math.min(ms, p50Ms)) - EDGE;
  const to = log(Math.max(ms, p95Ms)) + EDGE;
  const at = (value: number): number => (log(value) - from) / (to - from);
  return { this: at(ms), p50: at(p50Ms), p95: at(p95Ms) };
}
