import { median } from '../../median.mjs';

/**
 * What is measured: records a flow, synchronously, and gets rid of what was recorded.
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {(checkpoints: number) => void} recordFlow
 * @property {() => void} encode makes text and bytes of what was recorded, if that is not done yet
 * @property {() => Promise<void>} flush
 * @property {() => Promise<void>} close
 */

/** Flows between two flushes: what a process of 200 requests a second records in one. */
const FLOWS_PER_FLUSH = 20;
/** So many that a flow's own cost is little beside theirs. */
const CHECKPOINTS_PER_FLOW = 20;

/**
 * Cost of one checkpoint in µs, with its share of the flow: `recordUs` is what the request waits for, `encodedUs` that and what
 * its encoding takes later, `cpuUs` all processor time of the process for it, encoding and sending included.
 *
 * @typedef {{ recordUs: number, encodedUs: number, cpuUs: number }} Cost
 */

/** @param {Target} target @param {number} flows */
async function runRound(target, flows) {
  const perFlush = FLOWS_PER_FLUSH * CHECKPOINTS_PER_FLOW;
  const recordUs = [];
  const encodedUs = [];
  const cpuBefore = process.cpuUsage();
  for (let done = 0; done < flows; done += FLOWS_PER_FLUSH) {
    const startedMs = performance.now();
    for (let i = 0; i < FLOWS_PER_FLUSH; i++) target.recordFlow(CHECKPOINTS_PER_FLOW);
    const recordedMs = performance.now();
    target.encode();
    recordUs.push(((recordedMs - startedMs) * 1000) / perFlush);
    encodedUs.push(((performance.now() - startedMs) * 1000) / perFlush);
    await target.flush();
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { recordUs, encodedUs, cpuUs: (user + system) / (flows * CHECKPOINTS_PER_FLOW) };
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
    recordUs: median(measured.flatMap(({ recordUs }) => recordUs)),
    encodedUs: median(measured.flatMap(({ encodedUs }) => encodedUs)),
    cpuUs: median(measured.map(({ cpuUs }) => cpuUs)),
  };
}
