import { setTimeout } from 'node:timers/promises';
import { flowTracking } from '../../../middleware/dist/index.js';
import { resolveOptions } from '../../../middleware/dist/express/resolve-options.js';
import { createTracker } from '../../../middleware/dist/express/tracker.js';
import { NAMES } from '../targets.mjs';

/** @typedef {import('./run-rounds.mjs').Target} Target */

/**
 * @param {string} name
 * @param {Pick<import('@flow-tracking/express').FlowTracking, 'startFlow' | 'flush' | 'close' | 'stats'>} tracking
 * @returns {Target}
 */
const createTarget = (name, tracking) => ({
  name,
  recordFlow(checkpoints) {
    const flow = tracking.startFlow({ name: 'POST /ask/stream', userId: '123' });
    for (let i = 0; i < checkpoints; i++) flow.checkpoint('tool_call', { 'gen_ai.tool.name': 'search' });
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
});

/**
 * The middleware, writing into a real Redis.
 *
 * @param {string} redisUrl
 * @returns {Promise<Target>}
 */
export async function createFlowTracking(redisUrl) {
  const tracking = flowTracking({ redis: redisUrl, prefix: 'recording' });
  while (!tracking.stats().connected) await setTimeout(10);
  return createTarget(NAMES.recorded, tracking);
}

/**
 * The middleware, whose bytes are thrown away: what recording and encoding cost.
 *
 * @returns {Target}
 */
export function createUnsent() {
  const sink = {
    isReady: () => true,
    /** @type {import('../../../middleware/dist/record/recorder.js').Sink['write']} */
    write: ({ blocks }) => Promise.resolve({ stored: blocks.length, unpublished: [] }),
  };
  return createTarget(NAMES.encoded, createTracker(resolveOptions({ prefix: 'recording' }, {}), sink));
}
