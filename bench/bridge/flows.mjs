import { createFlowIds, EVENTS_FIELD, redisKeys } from '@flow-tracking/protocol';

const BLOCK_EVENTS = 100;
/** Flows that run at the same time in one process, so that a flow's events lie in several blocks. */
const OPEN_FLOWS = 25;
export const EVENTS_PER_FLOW = 11;
export const CHECKPOINTS_PER_FLOW = 6;

const instant = (/** @type {string} */ checkpoint, /** @type {number} */ duration_ms) => ({
  type: 'checkpoint',
  parent_id: null,
  checkpoint,
  status: 'ok',
  duration_ms,
  attributes: { status: 'passed' },
});

/**
 * The events of one chat request, as the middleware records them.
 *
 * @param {string} flow_id @param {number} startTs @param {number} n
 */
export function chatEvents(flow_id, startTs, n) {
  const thinkMs = 400 + ((n * 7919) % 9000);
  const toolMs = 20 + ((n * 104_729) % 800);
  const spread = 1 + (n % 50) / 25;
  /** @type {Record<string, unknown>[]} */
  const events = [
    { type: 'flow_start', session_id: flow_id, name: 'POST /ask/stream', service: 'chat', instance: `chat-${n % 4}` },
    { type: 'flow_identified', user_id: `user-${n % 2000}` },
    instant('auth_check', 1.2 * spread),
    instant('block_check', 0.4 * spread),
    instant('usage_check', 2.7 * spread),
    {
      type: 'checkpoint',
      node_id: 5,
      parent_id: null,
      checkpoint: 'llm_thinking',
      status: 'running',
      attributes: { 'gen_ai.request.model': 'sim-1', 'gen_ai.provider.name': 'sim' },
    },
    {
      type: 'checkpoint',
      node_id: 6,
      parent_id: 5,
      checkpoint: 'tool_call',
      status: 'running',
      attributes: { 'gen_ai.tool.name': 'search' },
    },
    { type: 'checkpoint_end', node_id: 6, parent_id: 5, checkpoint: 'tool_call', status: 'ok', duration_ms: toolMs },
    {
      type: 'checkpoint_end',
      node_id: 5,
      parent_id: null,
      checkpoint: 'llm_thinking',
      status: n % 50 === 0 ? 'error' : 'ok',
      duration_ms: thinkMs,
      attributes: { 'gen_ai.usage.input_tokens': 40 + (n % 900), 'gen_ai.usage.output_tokens': 100 + (n % 700) },
    },
    instant('llm_complete', 0.3),
    { type: 'flow_end', status: 'ok', duration_ms: thinkMs + 20, http_status: 200 },
  ];
  const offsets = [0, 1, 2, 3, 5, 6, 30, 30 + toolMs, 6 + thinkMs, 7 + thinkMs, 20 + thinkMs];
  events.forEach((event, seq) => {
    Object.assign(event, { flow_id, seq, ts: startTs + /** @type {number} */ (offsets[seq]) });
    if (event['type'] === 'checkpoint') event['node_id'] = seq;
    if (event['type'] === 'checkpoint_end') {
      event['started_ts'] = startTs + /** @type {number} */ (offsets[/** @type {number} */ (event['node_id'])]);
    }
  });
  return events;
}

/**
 * Blocks of events as one process of a busy chat server flushes them: its flows run side by side.
 *
 * @param {number} flows @returns {Generator<Record<string, unknown>[]>}
 */
export function* chatBlocks(flows) {
  const nextFlowId = createFlowIds();
  const startTs = Date.now() - 60_000;
  /** @type {Record<string, unknown>[][]} */
  const open = [];
  let started = 0;
  let block = [];
  while (started < flows || open.length > 0) {
    while (open.length < OPEN_FLOWS && started < flows) {
      const ts = startTs + started * 0.1;
      open.push(chatEvents(nextFlowId(ts), ts, started++).reverse());
    }
    for (const events of open) block.push(/** @type {Record<string, unknown>} */ (events.pop()));
    for (let i = open.length - 1; i >= 0; i--) if (open[i]?.length === 0) open.splice(i, 1);
    if (block.length >= BLOCK_EVENTS) {
      yield block;
      block = [];
    }
  }
  if (block.length > 0) yield block;
}

/**
 * Fills the streams of a prefix.
 *
 * @param {import('ioredis').Redis} redis
 * @param {{ prefix: string, partitions: number, flows: number }} options
 */
export async function fillStreams(redis, { prefix, partitions, flows }) {
  const keys = redisKeys(prefix);
  for (let partition = 0; partition < partitions; partition++) {
    let pipeline = redis.pipeline();
    for (const block of chatBlocks(flows / partitions)) {
      pipeline.xadd(keys.stream(partition), '*', EVENTS_FIELD, JSON.stringify(block));
      if (pipeline.length >= 100) {
        await pipeline.exec();
        pipeline = redis.pipeline();
      }
    }
    await pipeline.exec();
  }
}
