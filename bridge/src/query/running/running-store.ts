import { ATTRIBUTES, type FlowRecord, type OpenCheckpoint } from '@flow-tracking/protocol';
import { cleanText } from '../../platform/postgres/clean-json';
import { epochMs } from '../../platform/postgres/columns';
import type { FlowKey } from '../../platform/postgres/flow-key';
import type { Pool } from '../../platform/postgres/pool';
import { readPortion, type Portion } from '../portion-store';
import { prepared } from '../prepared';
import { FLOW_COLUMNS } from '../record-answers';

/** Which of the flows that run. */
export interface RunningFilter {
  /** Of lists: one of these. */
  userIds?: readonly string[] | undefined;
  services?: readonly string[] | undefined;
  /** Names of checkpoints, of which one is open. */
  checkpoints?: readonly string[] | undefined;
  /** How long the flow has run already. */
  minDurationMs?: number | undefined;
  limit: number;
}

/** One text whatever is asked: planning for three months of partitions takes longer than the few flows that run. */
const RUNNING = `SELECT ${FLOW_COLUMNS} FROM flow.flows AS f
WHERE status = 'running'
  AND ($1::text[] IS NULL OR user_id = ANY($1))
  AND ($2::text[] IS NULL OR service = ANY($2))
  AND ($3::text[] IS NULL OR EXISTS (SELECT FROM flow.checkpoints AS p WHERE p.flow_day = f.flow_day
    AND p.flow_id = f.flow_id AND p.status = 'running' AND p.checkpoint = ANY($3)))
  AND ($4::float8 IS NULL OR started_at <= now() - make_interval(secs => $4 / 1000))
ORDER BY started_at, flow_id LIMIT $5`;

const listOf = (values: readonly string[] | undefined): string[] | null => values?.map(cleanText) ?? null;

/** Flows that run, the oldest first, as many of them as take no more than `bytes` of JSON together. */
export async function listRunning(pool: Pool, filter: RunningFilter, bytes: number): Promise<Portion<FlowRecord>> {
  const { userIds, services, checkpoints, minDurationMs, limit } = filter;
  const values = [listOf(userIds), listOf(services), listOf(checkpoints), minDurationMs ?? null, limit];
  return readPortion(pool, { text: RUNNING, values, limit }, bytes);
}

/** What tells what a checkpoint waits for. */
const TELLING = [
  ATTRIBUTES.operationName,
  ATTRIBUTES.providerName,
  ATTRIBUTES.requestModel,
  ATTRIBUTES.responseModel,
  ATTRIBUTES.agentName,
  ATTRIBUTES.toolName,
];

/** Checkpoints that are open at the same time, by flow. */
export interface OpenRow extends OpenCheckpoint {
  flow_id: string;
  /** All that are open in its flow. */
  open_count: number;
}

/** A checkpoint waits for those that are open under it: those under which none is are what the flow waits for. */
const OPEN = `WITH open AS MATERIALIZED (
  SELECT p.flow_day, p.flow_id, p.node_id, p.parent_id, p.checkpoint, p.started_at
  FROM unnest($1::date[], $2::text[]) AS k(flow_day, flow_id)
  JOIN flow.checkpoints AS p ON p.flow_day = k.flow_day AND p.flow_id = k.flow_id
  WHERE p.status = 'running'
), placed AS (
  SELECT o.*, (count(*) OVER (PARTITION BY flow_id))::int AS open_count,
    row_number() OVER (PARTITION BY flow_id ORDER BY waits, started_at, node_id) AS place
  FROM (
    SELECT open.*, (flow_id, node_id) IN (SELECT flow_id, parent_id FROM open WHERE parent_id IS NOT NULL) AS waits FROM open
  ) AS o
)
SELECT o.flow_id, o.node_id, o.parent_id, o.checkpoint, ${epochMs('o.started_at')} AS started_ts, o.open_count,
  (SELECT COALESCE(jsonb_object_agg(name, p.attributes -> name), '{}') FROM unnest($4::text[]) AS name
   WHERE p.attributes ? name) AS attributes
FROM placed AS o
JOIN flow.checkpoints AS p ON p.flow_day = o.flow_day AND p.flow_id = o.flow_id AND p.node_id = o.node_id
WHERE o.place <= $3 AND NOT o.waits
ORDER BY o.flow_id, o.place`;

/** What flows wait for: of each flow no more than `most` checkpoints, the longest first. */
export async function listOpen(pool: Pool, flows: readonly FlowKey[], most: number): Promise<OpenRow[]> {
  if (flows.length === 0) return [];
  const keys = [flows.map((flow) => flow.flowDay), flows.map((flow) => flow.flowId)];
  return (await pool.query<OpenRow>(prepared(OPEN, [...keys, most, TELLING]))).rows;
}
