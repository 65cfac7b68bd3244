import { setTimeout } from 'node:timers/promises';
import { flowTracking } from '../middleware/dist/index.js';

/** @typedef {import('./run-rounds.mjs').Subject} Subject */

/**
 * The middleware, writing into a real Redis.
 *
 * @param {string} redisUrl
 * @returns {Promise<Subject>}
 */
export async function createFlowTracking(redisUrl) {
  const tracking = flowTracking({ redis: redisUrl, prefix: 'bench' });
  while (!tracking.stats().connected) await setTimeout(10);
  return {
    name: '@flow-tracking/express',
    recordFlow() {
      const flow = tracking.startFlow({ name: 'POST /ask/stream', userId: '123' });
      flow.checkpoint('auth_check', { status: 'passed' });
      flow.checkpoint('block_check', { status: 'passed' });
      flow.checkpoint('usage_check', { tokens_left: 950 });
      const llm = flow.begin('llm_thinking', { 'gen_ai.request.model': 'gpt-4o' });
      llm.begin('tool_call', { 'gen_ai.tool.name': 'search' }).end();
      llm.end({ 'gen_ai.usage.output_tokens': 812 });
      flow.checkpoint('llm_complete');
      flow.end();
    },
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
