import { LEAST_SAMPLES, type PastFigures } from '../../frames/history';
import type { FormatDuration } from '../looks';

/** `4 %`, `under 1 %`, `never`. */
function failsText({ count, errors }: PastFigures): string {
  const percent = (errors / count) * 100;
  const samples = count.toLocaleString('en');
  if (errors === 0) return `never failed in ${samples}`;
  return percent < 0.95 ? `fails under 1 % of ${samples}` : `fails ${Math.round(percent)} % of ${samples}`;
}

/** `p50 412 ms · p95 2.1 s · fails 4 % of 1,200 in 24 h`, or why there is no comparison. */
export function historyText(history: PastFigures, duration: FormatDuration): string {
  if (history.count < LEAST_SAMPLES) {
    return history.count === 1
      ? 'It ran once in 24 h: too few for a comparison.'
      : `It ran ${history.count} times in 24 h: too few for a comparison.`;
  }
  const { p50Ms, p95Ms } = history;
  return `p50 ${duration(p50Ms)} · p95 ${duration(p95Ms)} · ${failsText(history)} in 24 h`;
}

/** How this one compares, in a sentence. */
export function verdictText(ms: number, { p50Ms, p95Ms }: PastFigures): string {
  if (ms > p95Ms) {
    const factor = ms / Math.max(p95Ms, 0.001);
    return factor < 1.05
      ? 'This one takes a little longer than its p95.'
      : `This one takes ${factor < 10 ? factor.toFixed(1) : Math.round(factor).toLocaleString('en')} times its p95.`;
  }
  return ms <= p50Ms ? 'This one is among the faster half.' : 'This one is among the slower half, within its p95.';
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
