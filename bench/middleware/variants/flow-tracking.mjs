import { setTimeout } from 'node:timers/promises';
import { flowTracking } from '../../../middleware/dist/index.js';

/** More than a round writes, so that nothing is trimmed before it is counted. */
const STREAM_BYTES = 2 ** 33;

/** @param {string} redisUrl @param {string} userId whose requests all are */
export function createTracked(redisUrl, userId) {
  const tracking = flowTracking({
    redis: redisUrl,
    partitions: 1,
    userId: () => userId,
    limits: { streamBytes: STREAM_BYTES },
  });
  /** @type {import('../server.mjs').Variant} */
  const variant = {
    before: [tracking],
    handler: ({ flow }, res) => {
      flow.checkpoint('auth_check', { status: 'passed' });
      flow.checkpoint('block_check', { status: 'passed' });
      flow.checkpoint('usage_check', { tokens_left: 950 });
      flow.checkpoint('llm_thinking', { 'gen_ai.request.model': 'gpt-4o' });
      flow.checkpoint('tool_call', { 'gen_ai.tool.name': 'search' });
      flow.checkpoint('llm_complete', { 'gen_ai.usage.output_tokens': 812 });
      res.json({ ok: true });
    },
    async flush() {
      if (!(await tracking.flush())) throw new Error('not all events were written');
    },
    recorded() {
      const { recorded, dropped } = tracking.stats();
      return { events: recorded + dropped.queue_full, dropped: dropped.queue_full + dropped.closed };
    },
    close: () => tracking.close(),
  };
  return { variant, tracking };
}

/**
 * The middleware as an application mounts it, with a user whom nobody monitors.
 *
 * @param {{ redisUrl: string }} urls
 * @returns {Promise<import('../server.mjs').Variant>}
 */
export async function createVariant({ redisUrl }) {
  const { variant, tracking } = createTracked(redisUrl, 'unwatched');
  while (!tracking.stats().connected) await setTimeout(10);
  return variant;
}
