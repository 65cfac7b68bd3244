import { readdirSync, readFileSync } from 'node:fs';

/**
 * What a process has used of the processors, without asking it: of all its threads that live. Linux only.
 *
 * @param {number} pid
 * @returns {number} µs
 * @throws {Error} when the process is gone, or the system does not tell
 */
export function processorTimeUs(pid) {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch (error) {
      // Ended in between.
      if (!['ENOENT', 'ESRCH'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) throw error;
    }
  }
  if (ns === 0) throw new Error(`/proc does not tell what process ${pid} has used`);
  return ns / 1_000;
}
