import type { FlowEvent, RedisKeys } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { addEvents, chatFlow, untilSettled } from './flow-events';
import { waitFor } from './wait-for';

/** RELIABILITY.md, promise 3. */
const RECOVERY_MS = 5_000;
const FLOWS_AT_ONCE = 5;
const CHECKPOINTS_PER_FLOW = 3;

export interface HistoryLoad {
  /** Resolves with how many flows were added. */
  stop(): Promise<number>;
}

/** Adds flows, cut in two, until it is stopped; an XADD that fails is tried again, as the middleware does. */
export function startHistoryLoad(redis: Redis | Cluster, keys: RedisKeys, partitions = 2): HistoryLoad {
  let running = true;
  let flows = 0;
  const add = async (events: readonly FlowEvent[], partition: number): Promise<void> => {
    for (;;) {
      try {
        await addEvents(redis, keys, events, partition);
        return;
      } catch {
        await delay(20);
      }
    }
  };
  const loop = (async () => {
    while (running) {
      const batch = Array.from({ length: FLOWS_AT_ONCE }, () => chatFlow({ userId: `user-${flows % 7}` }));
      const partition = (flows / FLOWS_AT_ONCE) % partitions;
      await add(
        batch.flatMap((events) => events.slice(0, 5)),
        partition,
      );
      await delay(5);
      await add(
        batch.flatMap((events) => events.slice(5)),
        partition,
      );
      flows += batch.length;
    }
  })();
  return {
    async stop() {
      running = false;
      await loop;
      return flows;
    },
  };
}

/** Resolves when the bridge has written something again. */
export async function untilWritten(bridge: { readonly counts: { readonly written: number } }): Promise<void> {
  const before = bridge.counts.written;
  await waitFor('history is written again', () => bridge.counts.written > before, RECOVERY_MS);
}

/** All streams are settled, and rows and roll-up are those of so many flows of a {@link startHistoryLoad}. */
export async function expectWholeHistory(
  flows: number,
  options: { redis: Redis | Cluster; keys: RedisKeys; client: Client; partitions?: number },
): Promise<void> {
  const { redis, keys, client, partitions = 2 } = options;
  await untilSettled(redis, keys, { partitions, timeoutMs: 20_000 });
  const { rows } = await client.query<Record<string, unknown>>(`SELECT
    (SELECT count(*)::int FROM flow.flows
      WHERE status = 'ok' AND checkpoint_count = ${CHECKPOINTS_PER_FLOW} AND error_count = 1) AS flows,
    (SELECT count(*)::int FROM flow.checkpoints) AS checkpoints,
    (SELECT array_agg(n::int) FROM (SELECT sum(count) AS n FROM flow.checkpoint_stats GROUP BY slot_s) AS s) AS stats`);
  const nodes = flows * CHECKPOINTS_PER_FLOW;
  expect(rows[0]).toEqual({ flows, checkpoints: nodes, stats: [nodes, nodes, nodes] });
  expect(await redis.exists(keys.dead)).toBe(0);
}
