import { median } from '../median.mjs';
import { quantile } from '../quantile.mjs';

/**
 * What the intervals between frames came to.
 *
 * @typedef {object} Frames
 * @property {number} count
 * @property {number} p50 ms, like the next two
 * @property {number} p95
 * @property {number} max
 * @property {number} slow share of the frames over 50 ms
 */

/** Where a person sees that it stutters. */
const SLOW_MS = 50;

/** @param {number[]} times of frames, in order @returns {Frames} */
export function framesOf(times) {
  const intervals = times.slice(1).map((ms, i) => ms - /** @type {number} */ (times[i]));
  const sorted = intervals.sort((a, b) => a - b);
  return {
    count: sorted.length,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    max: quantile(sorted, 1),
    slow: sorted.filter((ms) => ms > SLOW_MS).length / sorted.length,
  };
}

/** The median run, figure by figure. @param {Frames[]} runs @returns {Frames} */
export function medianFrames(runs) {
  const of = (/** @type {keyof Frames} */ key) => median(runs.map((run) => run[key]));
  return { count: of('count'), p50: of('p50'), p95: of('p95'), max: of('max'), slow: of('slow') };
}

/** @param {Frames} frames */
export const frameCells = ({ p50, p95, max, slow, count }) => [
  `${p50.toFixed(0)}/${p95.toFixed(0)}/${max.toFixed(0)}`,
  `${(slow * 100).toFixed(1)} %`,
  String(count),
];

export const FRAME_HEADS = ['p50/p95/max ms', '> 50 ms', 'frames'];

/** The first column to the left, the others to the right. @param {string[][]} rows */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
