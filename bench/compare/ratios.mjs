import { median } from '../median.mjs';

/**
 * Two measurements of the same kind, one after the other in either order.
 *
 * @typedef {{ before: number, now: number }} Pair
 */

/**
 * @typedef {object} Comparison
 * @property {string} what
 * @property {string} unit
 * @property {'more' | 'less'} better
 * @property {Pair[][]} rounds of each round of fresh processes its pairs
 */

/** @typedef {{ before: number, now: number, ratio: number, low: number, high: number, isSlower: boolean }} Verdict */

const RESAMPLES = 2_000;
/** Of the pairs, on either side: what the machine did just then. */
const TRIMMED = 0.1;
export const LIMIT = 0.97;

/** @template T @param {readonly T[]} values @returns {T} */
const any = (values) => /** @type {T} */ (values[Math.floor(Math.random() * values.length)]);

/** The mean of ratios without the outermost. @param {readonly number[]} logs of the ratios */
function centre(logs) {
  const sorted = [...logs].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length * TRIMMED);
  const kept = sorted.slice(cut, sorted.length - cut);
  return Math.exp(kept.reduce((sum, value) => sum + value, 0) / kept.length);
}

/**
 * How fast it is now against before, above 1 being faster, with the interval that holds 95 % of the bootstrap. Rounds are
 * resampled first and then their pairs, since the pairs of one process have its luck in common.
 *
 * @param {Comparison} comparison
 * @returns {Verdict}
 */
export function judge({ better, rounds }) {
  const logs = rounds.map((pairs) =>
    pairs.map(({ before, now }) => Math.log(better === 'more' ? now / before : before / now)),
  );
  const resampled = Array.from({ length: RESAMPLES }, () =>
    centre(
      logs.flatMap(() => {
        const round = any(logs);
        return round.map(() => any(round));
      }),
    ),
  ).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => resampled[Math.floor(share * (RESAMPLES - 1))] ?? Number.NaN;
  const pairs = rounds.flat();
  const high = at(0.975);
  return {
    before: median(pairs.map((pair) => pair.before)),
    now: median(pairs.map((pair) => pair.now)),
    ratio: centre(logs.flat()),
    low: at(0.025),
    high,
    // No figure at all, which is NaN, is no reason to be content.
    isSlower: !(high >= LIMIT),
  };
}

/** @param {Comparison[]} comparisons @returns {{ text: string, isSlower: boolean }} */
export function ratioTable(comparisons) {
  const verdicts = comparisons.map((comparison) => ({ ...comparison, ...judge(comparison) }));
  const rows = verdicts.map(({ what, unit, before, now, ratio, low, high, isSlower, rounds }) => [
    `${what}, ${unit}`,
    before.toPrecision(4),
    now.toPrecision(4),
    ratio.toFixed(3),
    `${low.toFixed(3)}–${high.toFixed(3)}`,
    String(rounds.flat().length),
    isSlower ? 'SLOWER' : 'OK',
  ]);
  const all = [['', 'before', 'now', 'speed', '95 %', 'pairs', ''], ...rows];
  const widths = (all[0] ?? []).map((_cell, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const text = all
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
  return { text, isSlower: verdicts.some(({ isSlower }) => isSlower) };
}
