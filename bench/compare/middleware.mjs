import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../child.mjs';
import { openLoop } from '../load.mjs';
import { inTurn, pairsOf } from './in-turn.mjs';

/** So short that what else the machine does hits neighbours alike. */
const SLICE_MS = 70;
const CONNECTIONS = 32;
const WARM_UP = 12;
const GRANT_MS = 24 * 3_600_000;
const USERS = { unmonitored: 'unwatched', monitored: 'watched' };

/** @typedef {{ perSecond: number, cpuUs: number }} Figures cpuUs: of one request */

/**
 * One round of fresh servers: of each tree one whose user nobody monitors and one whose user is monitored.
 *
 * @param {object} options
 * @param {{ before: string, now: string }} options.roots of the trees
 * @param {string} options.redisUrl
 * @param {number} options.slices of each server
 * @param {number} options.core that the servers run on
 * @returns {Promise<Record<string, import('./ratios.mjs').Pair[]>>} by what was measured
 */
export async function compareMiddleware({ roots, redisUrl, slices, core }) {
  const redis = new Redis(redisUrl);
  const started = [];
  const subjects = [];
  try {
    for (const [age, root] of Object.entries(roots)) {
      const keys = redisKeys(`compare-${age}`);
      await redis.zadd(keys.monitoring, Date.now() + GRANT_MS, USERS.monitored);
      for (const [kind, userId] of Object.entries(USERS)) {
        const script = path.join(import.meta.dirname, 'middleware-server.mjs');
        const args = [root, `compare-${age}`, redisUrl, userId];
        /** @type {Awaited<ReturnType<typeof startChild<{ port: number }>>>} */
        const server = await startChild(script, args, { core });
        started.push(server);
        const loop = await openLoop(server.first.port, CONNECTIONS);
        /** @param {string} command @returns {Promise<import('./middleware-server.mjs').Reading>} */
        const ask = (command) => server.ask(command);
        while ((await ask('read')).monitored === 0) await delay(10);
        subjects.push({ name: `${age} ${kind}`, stream: keys.stream(0), ask, loop });
      }
    }
    /** @param {typeof subjects[0]} subject @returns {Promise<Figures>} */
    const measure = async ({ name, stream, ask, loop }) => {
      const before = await ask('read');
      const { requests, seconds } = await loop.run(SLICE_MS);
      // What is still to be sent belongs to what the requests cost.
      const after = await ask('flush');
      if (after.dropped > 0) throw new Error(`${name}: ${after.dropped} events were dropped, so the figures are void`);
      await redis.del(stream);
      return { perSecond: requests / seconds, cpuUs: (after.cpuUs - before.cpuUs) / requests };
    };
    await inTurn(subjects, WARM_UP, measure);
    const figures = await inTurn(subjects, slices, measure);
    const of = (/** @type {string} */ name) => [...figures].find(([subject]) => subject.name === name)?.[1] ?? [];
    /** @type {Record<string, import('./ratios.mjs').Pair[]>} */
    const pairs = {};
    for (const kind of Object.keys(USERS)) {
      const [before, now] = [of(`before ${kind}`), of(`now ${kind}`)];
      pairs[`${kind} perSecond`] = pairsOf(before, now, ({ perSecond }) => perSecond);
      pairs[`${kind} cpuUs`] = pairsOf(before, now, ({ cpuUs }) => cpuUs);
    }
    return pairs;
  } finally {
    for (const { loop } of subjects) loop.close();
    for (const server of started) await server.stop();
    redis.disconnect();
  }
}
