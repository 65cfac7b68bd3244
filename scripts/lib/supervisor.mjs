import { describeExit, logTail } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/** All of it has to be over within 5 s; what is left of that goes to the kills and the last lines of output. */
const STOP_BUDGET_MS = 4_500;
/** Each process keeps at least this much of the budget, however long those before it took. */
const LEAST_GRACE_MS = 700;

/**
 * @typedef {object} Supervised
 * @property {string} name
 * @property {(graceMs?: number) => Promise<void>} stop
 */

/**
 * Holds what was started, in order. Stops it in reverse order, and tells when a part dies by itself.
 */
export function createSupervisor() {
  /** @type {Supervised[]} */
  const started = [];
  let isStopping = false;
  /** @type {(error: Error) => void} */
  let reportDeath = () => undefined;
  /** @type {Promise<never>} */
  const died = new Promise((_, reject) => {
    reportDeath = reject;
  });
  // Nobody may be waiting yet when the first one dies.
  died.catch(() => undefined);
  /** @type {Promise<void> | undefined} */
  let stopped;

  return {
    /** Rejects when a process ends that was not asked to. */
    died,

    /** @param {import('./process-group.mjs').ProcessGroup} group */
    add(group) {
      started.push(group);
      void group.exited.then((exit) => {
        if (isStopping) return;
        const log = group.logFile === undefined ? '' : ` Its last lines:\n${logTail(group.logFile)}`;
        reportDeath(new SetupError(`${group.name} ${describeExit(exit)}.${log}`));
      });
    },

    hasStarted: () => started.length > 0,

    /** @returns {Promise<void>} */
    stopAll() {
      isStopping = true;
      stopped ??= stopInReverse(started);
      return stopped;
    },
  };
}

/** @param {Supervised[]} started */
async function stopInReverse(started) {
  const deadline = performance.now() + STOP_BUDGET_MS;
  for (let left = started.length; left > 0; left--) {
    const reserveMs = (left - 1) * LEAST_GRACE_MS;
    const graceMs = Math.max(LEAST_GRACE_MS, deadline - performance.now() - reserveMs);
    await started[left - 1]?.stop(graceMs);
  }
}
