import { median } from '../median.mjs';
import { compareRounds } from './rounds.mjs';

/** @typedef {import('./rounds.mjs').Figures} Figures */
/** @typedef {Map<string, Figures[]>} Results */

/** @param {Results} results @param {string} name */
const of = (results, name) => results.get(name) ?? [];

/** @param {string[][]} rows */
function table(rows) {
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return rows.map(line).join('\n');
}

/** What a request costs on top of `baseline`, in the same round. @param {Results} results @param {string} name @param {string} baseline */
export const addedCpu = (results, name, baseline) =>
  compareRounds(of(results, name), of(results, baseline), (own, bare) => own.cpuUs - bare.cpuUs);

/** @param {Results} results @param {string} name @param {string} other */
export const speedRatio = (results, name, other) =>
  compareRounds(of(results, name), of(results, other), (own, peer) => own.requestsPerSecond / peer.requestsPerSecond);

/**
 * Added CPU of one against that of another, both over bare, of all rounds together: a full garbage collection falls into
 * some rounds and not into others, and belongs to what the requests cost.
 *
 * @param {Results} results @param {string} name @param {string} other @param {string} baseline
 */
export function addedCpuRatio(results, name, other, baseline) {
  const cpuUs = (/** @type {string} */ subject) =>
    of(results, subject).reduce((sum, figures) => sum + figures.cpuUs, 0);
  return (cpuUs(name) - cpuUs(baseline)) / (cpuUs(other) - cpuUs(baseline));
}

/** @param {Results} results @param {string} baseline @returns {string} */
export function resultsTable(results, baseline) {
  const rows = [['', 'req/s', 'vs bare', 'CPU µs', 'added', 'core', 'p50 ms', 'p99 ms']];
  for (const [name, figures] of results) {
    const mid = (/** @type {(figures: Figures) => number} */ pick) => median(figures.map(pick));
    rows.push([
      name,
      mid((f) => f.requestsPerSecond).toFixed(0),
      speedRatio(results, name, baseline).toFixed(2),
      mid((f) => f.cpuUs).toFixed(1),
      addedCpu(results, name, baseline).toFixed(1),
      `${(mid((f) => f.utilisation) * 100).toFixed(0)} %`,
      mid((f) => f.p50Ms).toFixed(2),
      mid((f) => f.p99Ms).toFixed(2),
    ]);
  }
  return table(rows);
}

/** @param {{ what: string, value: number, target: number, isAtLeast: boolean }[]} targets @returns {string} */
export function targetsTable(targets) {
  const rows = targets.map(({ what, value, target, isAtLeast }) => [
    what,
    value.toFixed(2),
    `${isAtLeast ? '≥' : '≤'} ${target}`,
    (isAtLeast ? value >= target : value <= target) ? 'met' : 'NOT MET',
  ]);
  return table([['target', 'measured', 'wanted', ''], ...rows]);
}
