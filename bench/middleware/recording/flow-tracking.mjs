import { setTimeout } from 'node:timers/promises';
import { flowTracking } from '../../../middleware/dist/index.js';
import { NAMES } from '../targets.mjs';

/** @typedef {import('./run-rounds.mjs').Target} Target */

/**
 * The middleware, writing into a real Redis.
 *
 * @param {string} redisUrl
 * @returns {Promise<Target>}
 */
export async function createFlowTracking(redisUrl) {
  const tracking = flowTracking({ redis: redisUrl, prefix: 'recording' });
  while (!tracking.stats().connected) await setTimeout(10);
  return {
    name: NAMES.recorded,
    recordFlow(checkpoints) {
      const flow = tracking.startFlow({ name: 'POST /ask/stream', userId: '123' });
      for (let i = 0; i < checkpoints; i++) flow.checkpoint('tool_call', { 'gen_ai.tool.name': 'search' });
      flow.end();
    },
    // To tell how many bytes wait, it makes them.
    encode: () => void tracking.stats(),
    async flush() {
      if (!(await tracking.flush())) throw new Error('not all events were written');
    },
    async close() {
      const { dropped } = tracking.stats();
      await tracking.close();
      if (dropped.queue_full + dropped.closed > 0) throw new Error('events were dropped: the figures are void');
    },
  };
}
