import { lookAround, told } from './aftermath.mjs';
import { attacksOf } from './all.mjs';
import { startGround } from './field.mjs';
import { startSteadyLoad } from './steady-load.mjs';
import { PARTITIONS } from './field.mjs';
import { setTimeout as delay } from 'node:timers/promises';

const HEALTH_P99_MS = 250;
const MEMORY_MB = 400;
const RECOVERY_MS = 60_000;
const LEAD_MS = 2_000;
/** Longer than any attack takes: what hangs is a limit broken, not a run that never ends. */
const ATTACK_LIMIT_MS = 480_000;

/** @typedef {import('./field.mjs').Field} Field */
/** @typedef {import('./watcher.mjs').Watched} Watched */
/** @typedef {{ name: string, watched: Watched, recoveredMs: number | undefined, acknowledged: number, refused: number, lost: number, told: number, note: string, broken: string[] }} Outcome */

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {Field} field @param {import('./all.mjs').Attack} attack @returns {Promise<Outcome>} */
async function strikeOnce(field, { name, strike, mayLose = false }) {
  const toldBefore = await told(field.bridge.url);
  const load = startSteadyLoad(field.redis, field.keys, PARTITIONS);
  const underLoad = async () => {
    await delay(LEAD_MS);
    await field.watcher.ask('begin');
    return Promise.race([
      strike(field),
      delay(ATTACK_LIMIT_MS, { broken: [`not over after ${ATTACK_LIMIT_MS / 1000} s`], note: '' }, { ref: false }),
    ]).catch((error) => ({ broken: [reasonOf(error)], note: '' }));
  };
  const { broken, note = '' } = await underLoad().finally(load.stop);
  const { acknowledged } = load;
  const after = await lookAround(field, { acknowledged, toldBefore, limitMs: RECOVERY_MS }).catch((error) => ({
    recoveredMs: undefined,
    lost: Number.NaN,
    told: Number.NaN,
    broken: [reasonOf(error)],
  }));
  /** @type {Watched} */
  const watched = await field.watcher.ask('read');
  const limits = [...broken, ...after.broken];
  if (!(watched.healthP99Ms <= HEALTH_P99_MS)) limits.push(`/healthz p99 over ${HEALTH_P99_MS} ms`);
  if (watched.unanswered > 0) limits.push(`${watched.unanswered} questions to /healthz without an answer`);
  if (!(watched.maxMb <= MEMORY_MB)) limits.push(`memory over ${MEMORY_MB} MB`);
  if (after.lost > 0 && !mayLose) limits.push(`${after.lost} acknowledged flows lost`);
  if (after.lost > 0 && after.told === 0) limits.push('lost, and no metric tells');
  if (!field.bridge.isRunning()) limits.push('the bridge ended');
  return {
    name,
    watched,
    recoveredMs: after.recoveredMs,
    acknowledged: acknowledged.length,
    refused: load.refused(),
    lost: after.lost,
    told: after.told,
    note,
    broken: limits,
  };
}

/** @param {Outcome[]} outcomes @returns {string} */
function table(outcomes) {
  const head = ['attack', '/healthz p99', 'most ms', 'most MB', 'works again', 'flows', 'refused', 'lost', 'told', ''];
  const rows = outcomes.map(({ watched, recoveredMs, ...outcome }) => [
    outcome.name,
    `${watched.healthP99Ms.toFixed(0)} ms`,
    watched.healthMaxMs.toFixed(0),
    watched.maxMb.toFixed(0),
    recoveredMs === undefined ? 'no' : `${(recoveredMs / 1000).toFixed(1)} s`,
    ...[outcome.acknowledged, outcome.refused, outcome.lost, outcome.told].map(String),
    outcome.broken.length === 0 ? 'held' : 'BROKEN',
  ]);
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}

/**
 * Attacks on one bridge of 512 MB heap under a light load. A bridge that did not come through one is replaced before the
 * next; one that did is attacked again.
 *
 * @param {object} options
 * @param {readonly string[]} options.names
 * @param {number} options.minutes begins again from the first until they are over; 0: once
 * @param {import('../../../scripts/lib/redis-binary.mjs').RedisBinary} options.binary
 * @param {string} options.dir for the data
 * @param {string} options.logDir
 * @param {boolean} options.isQuick
 * @returns {Promise<boolean>} whether all limits held
 */
export async function benchAttacks({ names, minutes, binary, dir, logDir, isQuick }) {
  const ground = await startGround({ binary, dir, logDir, isQuick });
  const endMs = performance.now() + minutes * 60_000;
  /** @type {Outcome[]} */
  const outcomes = [];
  try {
    let field = await ground.enter();
    do {
      for (const attack of attacksOf(names)) {
        process.stderr.write(`soak: ${attack.name}: ${attack.what}\n`);
        const outcome = await strikeOnce(field, attack);
        outcomes.push(outcome);
        for (const line of outcome.broken) process.stderr.write(`  broken: ${line}\n`);
        if (outcome.note !== '') process.stderr.write(`  ${outcome.note}\n`);
        if (outcome.recoveredMs === undefined || !field.bridge.isRunning()) field = await ground.enter();
      }
    } while (performance.now() < endMs);
  } finally {
    if (outcomes.length > 0) {
      console.log(
        `Attacks: limits /healthz p99 ≤ ${HEALTH_P99_MS} ms, memory ≤ ${MEMORY_MB} MB, nothing lost or doubled\n${table(outcomes)}`,
      );
      for (const { name, broken } of outcomes) for (const line of broken) console.log(`  ${name}: ${line}`);
    }
    await ground.stop();
  }
  return outcomes.every(({ broken }) => broken.length === 0);
}
