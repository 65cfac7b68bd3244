import { createFlowIds, EVENTS_FIELD, type FlowEvent, type RedisKeys } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';
import { waitFor } from './wait-for';

const nextFlowId = createFlowIds();

/** The events of one chat request, as a middleware would record them. `userId` is told by the second event. */
export function chatFlow(options: { userId?: string; sessionId?: string; startedTs?: number } = {}): FlowEvent[] {
  const { userId = '123', startedTs = Date.now() } = options;
  const flow_id = nextFlowId(startedTs);
  const at = (offsetMs: number): number => startedTs + offsetMs;
  return [
    {
      type: 'flow_start',
      flow_id,
      seq: 0,
      ts: at(0),
      session_id: options.sessionId ?? flow_id,
      name: 'POST /ask/stream',
      service: 'chat',
      instance: 'chat-1',
    },
    { type: 'flow_identified', flow_id, seq: 1, ts: at(1), user_id: userId },
    {
      type: 'checkpoint',
      flow_id,
      seq: 2,
      ts: at(1.5),
      node_id: 2,
      parent_id: null,
      checkpoint: 'auth_check',
      status: 'ok',
      duration_ms: 1.5,
      attributes: { status: 'passed' },
    },
    {
      type: 'checkpoint',
      flow_id,
      seq: 3,
      ts: at(2),
      node_id: 3,
      parent_id: null,
      checkpoint: 'llm_thinking',
      status: 'running',
      attributes: { 'gen_ai.request.model': 'sim-1' },
    },
    {
      type: 'checkpoint',
      flow_id,
      seq: 4,
      ts: at(5),
      node_id: 4,
      parent_id: 3,
      checkpoint: 'tool_call',
      status: 'running',
      attributes: { 'gen_ai.tool.name': 'search' },
    },
    {
      type: 'checkpoint_end',
      flow_id,
      seq: 5,
      ts: at(9.25),
      node_id: 4,
      parent_id: 3,
      checkpoint: 'tool_call',
      started_ts: at(5),
      status: 'error',
      duration_ms: 4.25,
      error: { type: 'TimeoutError', message: 'search took too long' },
    },
    {
      type: 'checkpoint_end',
      flow_id,
      seq: 6,
      ts: at(20),
      node_id: 3,
      parent_id: null,
      checkpoint: 'llm_thinking',
      started_ts: at(2),
      status: 'ok',
      duration_ms: 18,
      attributes: { 'gen_ai.usage.input_tokens': 40, 'gen_ai.usage.output_tokens': 812 },
    },
    { type: 'flow_end', flow_id, seq: 7, ts: at(21), status: 'ok', duration_ms: 21, http_status: 200 },
  ];
}

/** Adds one block of events to a stream, as any producer may. */
export async function addEvents(
  redis: Redis | Cluster,
  keys: RedisKeys,
  events: readonly unknown[],
  partition = 0,
): Promise<void> {
  await redis.xadd(keys.stream(partition), '*', EVENTS_FIELD, JSON.stringify(events));
}

/** Waits until bridges have settled every entry of all partitions. */
export async function untilSettled(
  redis: Redis | Cluster,
  keys: RedisKeys,
  { partitions = 2, timeoutMs }: { partitions?: number; timeoutMs?: number } = {},
): Promise<void> {
  await waitFor(
    'the streams are empty',
    async () => {
      const lengths = await Promise.all(Array.from({ length: partitions }, (_, p) => redis.xlen(keys.stream(p))));
      return lengths.every((length) => length === 0);
    },
    timeoutMs,
  );
}
