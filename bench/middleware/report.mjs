import { addedCpu, cpu, interval, p99, speed, speedRatio } from './statistics.mjs';

/** @typedef {import('./statistics.mjs').Cycle[][]} Rounds */
/** @typedef {import('./statistics.mjs').Interval} Interval */

/** @param {readonly string[][]} rows @returns {string} */
export function table(rows) {
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (/** @type {readonly string[]} */ row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return rows.map(line).join('\n');
}

/** @param {Interval} interval @param {number} digits */
const text = ({ value, low, high }, digits) =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

/** @param {Rounds} rounds @param {string} bare @param {string} inUse @returns {string} */
export function resultsTable(rounds, bare, inUse) {
  const names = [...(rounds[0]?.[0]?.keys() ?? [])];
  const all = rounds.flat();
  return table([
    ['', 'req/s', 'against bare', 'with Redis in use', 'CPU µs', 'over bare', 'over Redis in use', 'p99 ms'],
    ...names.map((name) => [
      name,
      speed(name)(all).toFixed(0),
      speedRatio(name, bare)(all).toFixed(2),
      text(interval(rounds, speedRatio(name, inUse)), 2),
      cpu(name)(all).toFixed(1),
      addedCpu(name, bare)(all).toFixed(1),
      text(interval(rounds, addedCpu(name, inUse)), 1),
      p99(name)(all).toFixed(2),
    ]),
  ]);
}

/** @typedef {{ what: string, measured: Interval, wanted: number, isAtLeast: boolean }} Limit */

/** @param {readonly Limit[]} limits @returns {string} */
export function targetsTable(limits) {
  return table([
    ['target', 'measured', 'wanted', ''],
    ...limits.map(({ what, measured, wanted, isAtLeast }) => [
      what,
      text(measured, 2),
      `${isAtLeast ? '≥' : '≤'} ${Number(wanted.toFixed(2))}`,
      (isAtLeast ? measured.value >= wanted : measured.value <= wanted) ? 'met' : 'NOT MET',
    ]),
  ]);
}

/** @typedef {import('./recording/run-rounds.mjs').Cost} Cost */

/** @param {ReadonlyMap<string, Cost>} costs @returns {string} */
export function recordingTable(costs) {
  const ns = (/** @type {number} */ us) => `${(us * 1000).toFixed(0)} ns`;
  return table([
    ['', 'the request waits', 'with its encoding', 'processor time, sending included'],
    ...Array.from(costs, ([name, { recordUs, encodedUs, cpuUs }]) => [
      name,
      ns(recordUs),
      encodedUs > recordUs * 1.01 ? ns(encodedUs) : '',
      ns(cpuUs),
    ]),
  ]);
}
