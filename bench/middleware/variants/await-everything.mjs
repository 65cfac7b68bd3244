import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

const MONITORING_KEY = 'awaited:monitoring:123';
const STREAM_SECONDS = 3600;

/**
 * What is written first when there is no library: each checkpoint awaits its XADD and EXPIRE, asks whether the user is
 * monitored, and publishes.
 *
 * @param {{ redisUrl: string }} urls
 * @returns {Promise<import('../server.mjs').Variant>}
 */
export async function createVariant({ redisUrl }) {
  const redis = new Redis(redisUrl);
  await redis.set(MONITORING_KEY, '1');
  let events = 0;

  /** @param {string} flowId @param {string} checkpoint @param {object} data */
  async function record(flowId, checkpoint, data) {
    const timestamp = new Date().toISOString();
    const event = JSON.stringify({ id: randomUUID(), flowId, userId: '123', checkpoint, timestamp, ...data });
    const stream = `awaited:${flowId}`;
    events += 1;
    await redis.xadd(stream, '*', 'event', event);
    await redis.expire(stream, STREAM_SECONDS);
    if ((await redis.get(MONITORING_KEY)) === '1') await redis.publish('awaited:events:123', event);
  }

  return {
    before: [],
    handler: async (_req, res) => {
      const flowId = randomUUID();
      await record(flowId, 'auth_check', { status: 'passed' });
      await record(flowId, 'block_check', { status: 'passed' });
      await record(flowId, 'usage_check', { tokens_left: 950 });
      await record(flowId, 'llm_thinking', { 'gen_ai.request.model': 'gpt-4o' });
      await record(flowId, 'tool_call', { 'gen_ai.tool.name': 'search' });
      await record(flowId, 'llm_complete', { 'gen_ai.usage.output_tokens': 812 });
      res.json({ ok: true });
    },
    flush: () => Promise.resolve(),
    recorded: () => ({ events, dropped: 0 }),
    async close() {
      await redis.quit();
    },
  };
}
