import { median } from '../../median.mjs';

/**
 * What is measured: records a flow, synchronously, and gets rid of what was recorded.
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {(checkpoints: number) => void} recordFlow
 * @property {() => Promise<void>} flush
 * @property {() => Promise<void>} close
 */

/** Flows between two flushes: what a process of 200 requests a second records in one. */
const FLOWS_PER_FLUSH = 20;
/** So many that a flow's own cost is little beside theirs. */
const CHECKPOINTS_PER_FLOW = 20;

/**
 * Cost of one checkpoint in µs, with its share of the flow: `recordUs` is what the request waits for, `cpuUs` all
 * processor time of the process for it, encoding and sending included.
 *
 * @typedef {{ recordUs: number, cpuUs: number }} Cost
 */

/** @param {Target} target @param {number} flows @returns {Promise<{ waitsUs: number[], cpuUs: number }>} waits: by flush */
async function runRound(target, flows) {
  const waitsUs = [];
  const cpuBefore = process.cpuUsage();
  for (let done = 0; done < flows; done += FLOWS_PER_FLUSH) {
    const startedMs = performance.now();
    for (let i = 0; i < FLOWS_PER_FLUSH; i++) target.recordFlow(CHECKPOINTS_PER_FLOW);
    waitsUs.push(((performance.now() - startedMs) * 1000) / (FLOWS_PER_FLUSH * CHECKPOINTS_PER_FLOW));
    await target.flush();
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { waitsUs, cpuUs: (user + system) / (flows * CHECKPOINTS_PER_FLOW) };
}

/**
 * Measures a target in rounds, of which the first warms up and is left out.
 *
 * @param {Target} target
 * @param {{ rounds: number, flows: number }} size
 * @returns {Promise<Cost>} medians: what else the machine does falls into some flushes and not into others
 */
export async function runRounds(target, { rounds, flows }) {
  await runRound(target, flows);
  const measured = [];
  for (let round = 0; round < rounds; round++) measured.push(await runRound(target, flows));
  return {
    recordUs: median(measured.flatMap(({ waitsUs }) => waitsUs)),
    cpuUs: median(measured.map(({ cpuUs }) => cpuUs)),
  };
}
