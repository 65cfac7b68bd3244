import type { FlowEvent } from '../events';

/** Events of flows for tests; no part of the plugin. */
export const FLOW_ID = '01K0ABCDEFGHJKMNPQRSTVWXYZ';
export const T0 = 1_760_000_000_000;

/** A small generator of random numbers in [0, 1) that gives the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A shuffled copy. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** A chat request: three instant checkpoints, a model that calls two tools (one fails), an instant one, the end. */
export function chatEvents(flowId: string = FLOW_ID, userId = '123'): FlowEvent[] {
  const at = (seq: number) => ({ flow_id: flowId, seq, ts: T0 + seq * 10 });
  const instant = (seq: number, checkpoint: string, attributes = {}): FlowEvent => ({
    ...at(seq),
    type: 'checkpoint',
    node_id: seq,
    parent_id: null,
    checkpoint,
    status: 'ok',
    duration_ms: 3,
    attributes,
  });
  const begin = (seq: number, parent: number | null, checkpoint: string, attributes = {}): FlowEvent => ({
    ...at(seq),
    type: 'checkpoint',
    node_id: seq,
    parent_id: parent,
    checkpoint,
    status: 'running',
    attributes,
  });
  const end = (seq: number, node: number, parent: number | null, checkpoint: string, attributes = {}): FlowEvent => ({
    ...at(seq),
    type: 'checkpoint_end',
    node_id: node,
    parent_id: parent,
    checkpoint,
    started_ts: T0 + node * 10,
    status: 'ok',
    duration_ms: (seq - node) * 10,
    attributes,
  });
  return [
    { ...at(0), type: 'flow_start', session_id: 's1', name: 'POST /ask', service: 'chat', instance: 'i1' },
    instant(1, 'auth_check', { status: 'passed' }),
    { ...at(2), type: 'flow_identified', user_id: userId },
    instant(3, 'usage_check', { remaining: 950 }),
    begin(4, null, 'llm_thinking', { 'gen_ai.request.model': 'gpt-4o', step: 1 }),
    begin(5, 4, 'tool_call', { 'gen_ai.tool.name': 'search' }),
    end(6, 5, 4, 'tool_call'),
    begin(7, 4, 'tool_call', { 'gen_ai.tool.name': 'mail' }),
    {
      ...at(8),
      type: 'checkpoint_end',
      node_id: 7,
      parent_id: 4,
      checkpoint: 'tool_call',
      started_ts: T0 + 70,
      status: 'error',
      duration_ms: 10,
      error: { type: 'SmtpError', message: 'SMTP 550' },
    },
    end(9, 4, null, 'llm_thinking', { 'gen_ai.usage.output_tokens': 812, step: 2 }),
    instant(10, 'llm_complete'),
    { ...at(11), type: 'flow_end', status: 'ok', duration_ms: 110, http_status: 200 },
  ];
}
