import { createFlowIds } from '@flow-tracking/protocol';

/** @typedef {{ name: string, nodes: number, parentOf: (node: number) => number | null }} Shape nodes are 1, 2, 3, … */

const BLOCK = 20;

/** Steps in a row, each with nine tools, most of which have a step of their own. @param {number} nodes @returns {Shape} */
const tree = (nodes) => ({
  name: `${nodes.toLocaleString('en')} nodes`,
  nodes,
  parentOf(node) {
    const at = (node - 1) % BLOCK;
    const first = node - at;
    if (at === 0) return null;
    return at < 10 ? first : first + 1 + (at % 9);
  },
});

/** @param {number} nodes @returns {Shape} */
const chain = (nodes) => ({
  name: `chain of ${nodes.toLocaleString('en')}`,
  nodes,
  parentOf: (node) => (node === 1 ? null : node - 1),
});

/** @param {number} nodes @returns {Shape} */
const siblings = (nodes) => ({
  name: `${nodes.toLocaleString('en')} siblings`,
  nodes,
  parentOf: (node) => (node === 1 ? null : 1),
});

/** @type {(Shape & { isQuick: boolean })[]} `isQuick`: also measured in the quick form */
export const SHAPES = [
  { ...tree(100), isQuick: false },
  { ...tree(1_000), isQuick: true },
  { ...tree(5_000), isQuick: false },
  { ...tree(20_000), isQuick: true },
  { ...chain(2_000), isQuick: true },
  { ...chain(10_000), isQuick: false },
  { ...siblings(10_000), isQuick: true },
  { ...siblings(100_000), isQuick: false },
];

const INSERT_FLOW = `INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_id, user_seq, name, service,
  instance, status, started_at, ended_at, duration_ms, checkpoint_count, last_seq, last_event_at)
VALUES (to_timestamp($2::float8 / 1000) AT TIME ZONE 'UTC', $1, $1, 0, 'bench', 0, $3, 'chat', 'chat-1', 'ok',
  to_timestamp($2::float8 / 1000), to_timestamp(($2::float8 + $4) / 1000), $4, $5, 2 * $5 + 1, to_timestamp($2::float8 / 1000))`;

const INSERT_CHECKPOINTS = `INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, parent_id, checkpoint, status, started_at,
  ended_at, duration_ms, attributes, end_seq)
SELECT to_timestamp($2::float8 / 1000) AT TIME ZONE 'UTC', $1, node, parent,
  (ARRAY['llm_thinking', 'tool_call', 'usage_check', 'retrieve'])[1 + node % 4], CASE WHEN node % 97 = 0 THEN 'error' ELSE 'ok' END,
  to_timestamp(($2::float8 + node) / 1000), to_timestamp(($2::float8 + node * 1.5 + 5) / 1000), node * 0.5 + 5,
  '{"gen_ai.tool.name": "search", "gen_ai.usage.output_tokens": 812}', $5 + node
FROM unnest($3::int[], $4::int[]) AS n(node, parent)`;

const CHUNK = 10_000;
const nextFlowId = createFlowIds();

/**
 * Puts a flow into history, past the stream.
 *
 * @param {import('pg').Client} client
 * @param {Shape} shape
 * @returns {Promise<string>} its id
 */
export async function insertShape(client, { name, nodes, parentOf }) {
  const startedTs = Date.now() - 30 * 60_000;
  const flowId = nextFlowId(startedTs);
  for (let first = 1; first <= nodes; first += CHUNK) {
    const ids = Array.from({ length: Math.min(CHUNK, nodes - first + 1) }, (_, i) => first + i);
    await client.query(INSERT_CHECKPOINTS, [flowId, startedTs, ids, ids.map(parentOf), nodes]);
  }
  await client.query(INSERT_FLOW, [flowId, startedTs, name, nodes * 1.5 + 20, nodes]);
  return flowId;
}
