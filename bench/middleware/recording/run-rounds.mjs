import { median } from '../../median.mjs';

/**
 * What is measured: records a flow, synchronously, and gets rid of what was recorded.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {(checkpoints: number) => void} recordFlow
 * @property {() => Promise<void>} flush
 * @property {() => Promise<void>} close
 */

/** Flows between two flushes: about what a busy process records in one. */
const FLOWS_PER_FLUSH = 100;
/** So many that a flow's own cost is little beside theirs. */
const CHECKPOINTS_PER_FLOW = 20;

/**
 * Cost of one checkpoint in µs, with its share of the flow: `recordUs` is what the request waits for, `cpuUs` all
 * processor time of the process for it, encoding and sending included.
 *
 * @typedef {{ recordUs: number, cpuUs: number }} Cost
 */

/** @param {Subject} subject @param {number} flows @returns {Promise<Cost>} */
async function runRound(subject, flows) {
  let recordMs = 0;
  const cpuBefore = process.cpuUsage();
  for (let done = 0; done < flows; done += FLOWS_PER_FLUSH) {
    const startedMs = performance.now();
    for (let i = 0; i < FLOWS_PER_FLUSH; i++) subject.recordFlow(CHECKPOINTS_PER_FLOW);
    recordMs += performance.now() - startedMs;
    await subject.flush();
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const checkpoints = flows * CHECKPOINTS_PER_FLOW;
  return { recordUs: (recordMs * 1000) / checkpoints, cpuUs: (user + system) / checkpoints };
}

/**
 * Measures the subjects in turn, round by round, so that what the machine does meanwhile hits all alike. The first round
 * warms up and is left out.
 *
 * @param {Subject[]} subjects
 * @param {{ rounds: number, flows: number }} size
 * @returns {Promise<Map<string, Cost>>} medians by the subject's name
 */
export async function runRounds(subjects, { rounds, flows }) {
  /** @type {Map<string, Cost[]>} */
  const costs = new Map(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const cost = await runRound(subject, flows);
      if (round > 0) costs.get(subject.name)?.push(cost);
    }
  }
  return new Map(
    [...costs].map(([name, all]) => [
      name,
      { recordUs: median(all.map((cost) => cost.recordUs)), cpuUs: median(all.map((cost) => cost.cpuUs)) },
    ]),
  );
}
