import { EVENTS_FIELD } from '@flow-tracking/protocol';
import { createFlowIds } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { chatEvents } from '../../bridge/flows.mjs';

const FLOWS_PER_SECOND = 40;

/**
 * Whole flows, one an entry, at a steady rate; notes which of them Redis acknowledged. One that is refused is not tried
 * again.
 *
 * @param {import('ioredis').Redis} redis
 * @param {import('@flow-tracking/protocol').RedisKeys} keys
 * @param {number} partitions
 */
export function startSteadyLoad(redis, keys, partitions) {
  const nextFlowId = createFlowIds();
  /** @type {string[]} */
  const acknowledged = [];
  let refused = 0;
  let isRunning = true;
  let n = 0;
  /** @type {Set<Promise<void>>} */
  const underWay = new Set();
  const add = async () => {
    const ts = Date.now();
    const flowId = nextFlowId(ts);
    const block = JSON.stringify(chatEvents(flowId, ts, n));
    try {
      await redis.xadd(keys.stream(n++ % partitions), '*', EVENTS_FIELD, block);
      acknowledged.push(flowId);
    } catch {
      refused += 1;
    }
  };
  const loop = (async () => {
    const startedMs = performance.now();
    for (let i = 0; isRunning; i++) {
      const adding = add().finally(() => underWay.delete(adding));
      underWay.add(adding);
      await delay(Math.max(0, startedMs + (i * 1000) / FLOWS_PER_SECOND - performance.now()));
    }
    await Promise.all(underWay);
  })();
  return {
    acknowledged,
    refused: () => refused,
    /** Resolves when all that was sent is answered. */
    async stop() {
      isRunning = false;
      await loop;
    },
  };
}
