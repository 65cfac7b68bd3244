import { Redis } from 'ioredis';

const EVERY_MS = 100;
/** What six checkpoints come to. */
const REQUEST_BYTES = 1434;
const STREAM = 'bench:redis-in-use';

/**
 * Express whose process has a client of Redis in use, as a chat server has anyway: for each request it sends as many bytes as
 * the middleware would, in blocks, and does nothing else for them.
 *
 * @param {{ redisUrl: string }} urls
 * @returns {Promise<import('../server.mjs').Variant>}
 */
export async function createVariant({ redisUrl }) {
  const redis = new Redis(redisUrl);
  await redis.ping();
  let requests = 0;
  const send = async () => {
    if (requests === 0) return;
    const block = Buffer.alloc(requests * REQUEST_BYTES, 'x');
    requests = 0;
    await redis.xadd(STREAM, 'MAXLEN', '~', 100, '*', 'events', block);
  };
  const timer = setInterval(() => void send(), EVERY_MS);
  return {
    before: [],
    handler: (_req, res) => {
      requests += 1;
      res.json({ ok: true });
    },
    flush: send,
    recorded: () => ({ events: 0, dropped: 0 }),
    async close() {
      clearInterval(timer);
      await redis.del(STREAM);
      await redis.quit();
    },
  };
}
