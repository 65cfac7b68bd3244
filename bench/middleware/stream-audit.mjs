import { EVENTS_FIELD, redisKeys } from '../../protocol/dist/index.js';

const PAGE = 100;

/**
 * Counts what a stream holds, and empties it: each event once, however often it is there.
 *
 * @param {import('ioredis').Redis} redis
 * @returns {Promise<number>}
 */
export async function takeEvents(redis) {
  const stream = redisKeys().stream(0);
  const seen = new Set();
  let last = '-';
  for (;;) {
    const entries = await redis.xrange(stream, last, '+', 'COUNT', PAGE);
    for (const [id, fields] of entries) {
      const block = fields[fields.indexOf(EVENTS_FIELD) + 1] ?? '[]';
      for (const { flow_id: flowId, seq } of JSON.parse(block)) seen.add(`${flowId} ${seq}`);
      last = `(${id}`;
    }
    if (entries.length < PAGE) break;
  }
  await redis.del(stream);
  return seen.size;
}
