import { setTimeout } from 'node:timers/promises';
import { redisKeys } from '../../../protocol/dist/index.js';
import { Redis } from 'ioredis';
import { createTracked } from './flow-tracking.mjs';

const USER = 'watched';
const GRANT_MS = 24 * 3_600_000;

/**
 * The middleware, and every request is of a monitored user.
 *
 * @param {{ redisUrl: string }} urls
 * @returns {Promise<import('../server.mjs').Variant>}
 */
export async function createVariant({ redisUrl }) {
  const redis = new Redis(redisUrl);
  await redis.zadd(redisKeys().monitoring, Date.now() + GRANT_MS, USER);
  await redis.quit();
  const { variant, tracking } = createTracked(redisUrl, USER);
  while (tracking.stats().monitoring.users === 0) await setTimeout(10);
  return variant;
}
