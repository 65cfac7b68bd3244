import { median } from '../median.mjs';
import { EVENTS_PER_FLOW, HALF_MS, HOSTS, RATE } from './size.mjs';

const TARGET_RECOVERY_S = 5;
const TARGET_GROWTH = 0.1;

/** @typedef {{ hosts: number, bridge: number }} Megabytes in use after a collection; of all hosts, of the bridge that lives */
/** @typedef {{ name: string, historyMs: number, liveMs: number }} Recovery from the end of a fault */

/**
 * @param {{ seconds: number, requests: number, p99Ms: number, recoveries: Recovery[], memory: Megabytes[] }} results
 */
export function report({ seconds, requests, p99Ms, recoveries, memory }) {
  const verdict = (/** @type {boolean} */ isMet) => (isMet ? 'met' : 'missed');
  const s = (/** @type {number} */ ms) => (ms / 1000).toFixed(1).padStart(6);
  const names = [...new Set(recoveries.map(({ name }) => name))].sort();
  const slowestMs = Math.max(...recoveries.map(({ historyMs, liveMs }) => Math.max(historyMs, liveMs)));
  // The first sixth is for warming up.
  const sixth = Math.max(1, Math.floor(memory.length / 6));
  const warm = memory.slice(sixth, 2 * sixth);
  const last = memory.slice(-sixth);
  const growth = (/** @type {keyof Megabytes} */ who) => {
    const [from, to] = [warm, last].map((readings) => median(readings.map((reading) => reading[who])));
    const isMet = Number(to) <= Number(from) * (1 + TARGET_GROWTH);
    return `${from?.toFixed(1)} MB after warming up, ${to?.toFixed(1)} at the end   (target ≤ + 10 %: ${verdict(isMet)})`;
  };
  const kills = recoveries.filter(({ name }) => name.includes('killed')).length;
  return [
    `Soak: ${Math.round(seconds / 60)} minutes at ${HOSTS * RATE * EVENTS_PER_FLOW} events/s, ${recoveries.length} faults, ${kills} of them SIGKILLs`,
    `  requests, all answered 200   ${requests}, p99 ${p99Ms.toFixed(0)} ms of which ${2 * HALF_MS} are the handler's`,
    `  events, each in history once   ${requests * EVENTS_PER_FLOW}`,
    `  memory in use, ${HOSTS} hosts   ${growth('hosts')}`,
    `  memory in use, bridge   ${growth('bridge')}`,
    `  slowest recovery   ${(slowestMs / 1000).toFixed(1)} s   (target ≤ ${TARGET_RECOVERY_S}: ${verdict(slowestMs <= TARGET_RECOVERY_S * 1000)})`,
    `  ${'after'.padEnd(36)} times   s to history: median, most   s to viewers: median, most`,
    ...names.map((name) => {
      const own = recoveries.filter((recovery) => recovery.name === name);
      const columns = (/** @type {number[]} */ values) => `${s(median(values))} ${s(Math.max(...values))}`;
      return (
        `  ${name.padEnd(36)} ${String(own.length).padStart(5)}   ${columns(own.map(({ historyMs }) => historyMs)).padEnd(26)}` +
        `   ${columns(own.map(({ liveMs }) => liveMs))}`
      );
    }),
  ].join('\n');
}
