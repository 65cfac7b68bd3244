import { createFlowIds, EVENTS_FIELD } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { PARTITIONS } from './field.mjs';

/** Names that are one only once what Postgres can not hold is cleaned out of them. */
const TWINS = [
  ['a\ud83d', 'a\ud83c'],
  ['a\u0000', 'a\ufffd'],
];
const AFTER_MS = 5_000;

/** @type {import('./all.mjs').Attack} */
export const poison = {
  name: 'poison',
  what: 'entries whose checkpoint names are equal only after cleaning, in every partition',
  async strike({ keys, redis }) {
    const nextFlowId = createFlowIds();
    for (let p = 0; p < PARTITIONS; p++) {
      for (const names of TWINS) {
        const ts = Date.now();
        const common = { flow_id: nextFlowId(ts), ts };
        const start = { type: 'flow_start', name: 'POST /poison', service: 'chat', instance: 'chat-1' };
        const events = [
          { ...start, ...common, seq: 0, session_id: common.flow_id },
          ...names.map((checkpoint, i) => ({
            ...common,
            type: 'checkpoint',
            seq: i + 1,
            node_id: i + 1,
            parent_id: null,
            checkpoint,
            status: 'ok',
            duration_ms: 1,
          })),
          { ...common, type: 'flow_end', seq: 3, status: 'ok', duration_ms: 3 },
        ];
        await redis.xadd(keys.stream(p), '*', EVENTS_FIELD, JSON.stringify(events));
      }
    }
    await delay(AFTER_MS);
    return { broken: [] };
  },
};
