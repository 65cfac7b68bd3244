import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** @typedef {{ liveBytes: number, rssBytes: number }} Memory liveBytes: of objects and buffers */

setFlagsFromString('--expose-gc');

export const collectGarbage = /** @type {() => void} */ (runInNewContext('gc'));

/** What this process has, garbage included unless it was collected just now. @returns {Memory} */
export function memoryInUse() {
  const { heapUsed, external, rss } = process.memoryUsage();
  return { liveBytes: heapUsed + external, rssBytes: rss };
}
