import { setTimeout as sleep } from 'node:timers/promises';
import { describeExit, logTail } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Waits until a started process says it is ready.
 *
 * @param {import('./process-group.mjs').ProcessGroup} group
 * @param {() => Promise<boolean> | boolean} isReady
 * @param {{ timeoutMs: number, abort?: AbortSignal | undefined, everyMs?: number }} options
 * @throws {SetupError} with the end of its log, when it ends or is not ready in time
 */
export async function waitUntilReady(group, isReady, { timeoutMs, abort, everyMs = 50 }) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    abort?.throwIfAborted();
    if (!group.isRunning()) throw failure(group, describeExit(await group.exited));
    if (await isReady()) return;
    if (performance.now() > deadline) throw failure(group, `was not ready within ${timeoutMs / 1000} s`);
    await sleep(everyMs);
  }
}

/** @param {import('./process-group.mjs').ProcessGroup} group @param {string} what */
function failure(group, what) {
  return new SetupError(`${group.name} ${what}.${group.logFile === undefined ? '' : `\n${logTail(group.logFile)}`}`);
}

/**
 * @param {string} url
 * @returns {() => Promise<boolean>} whether a GET answers 200
 */
export function answersOk(url) {
  return async () => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  };
}
