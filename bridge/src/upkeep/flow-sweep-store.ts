import type { FlowToReconcile } from '../ingest/open-checkpoints-store';
import type { FlowKey } from '../platform/postgres/flow-key';
import type { Pool, PoolClient } from '../platform/postgres/pool';
import type { Processes } from './processes';

/** Any number will do that nothing else in the database locks. */
const LOCK = 'flow.mark_lost_flows';

/** Whether a flow's process died: it fell silent, or is not known and the flow has had no event for long. */
const HAS_DIED = `(
  (f.last_event_at < now() - make_interval(secs => $1) AND substr(f.flow_id, 11, 8) = ANY ($2::text[]))
  OR (f.last_event_at < now() - make_interval(secs => $3) AND substr(f.flow_id, 11, 8) <> ALL ($4::text[]))
)`;

const MARK_LOST = `UPDATE flow.flows AS f SET
  status = 'lost',
  ended_at = last_event_at,
  duration_ms = extract(epoch FROM last_event_at - started_at) * 1000,
  revision = revision + 1
WHERE status = 'running' AND ${HAS_DIED}
RETURNING flow_day::text AS "flowDay", flow_id AS "flowId"`;

/** Flows that have ended and left checkpoints open, locked in the order in which the history writer locks them. */
const LOCK_LEFT_OPEN = `SELECT f.flow_day::text AS "flowDay", f.flow_id AS "flowId", f.status = 'ok' AS "hasDied"
FROM flow.flows AS f WHERE (f.flow_day, f.flow_id) IN (
  SELECT p.flow_day, p.flow_id FROM flow.checkpoints AS p
  JOIN flow.flows AS f ON f.flow_day = p.flow_day AND f.flow_id = p.flow_id
  WHERE p.status = 'running' AND (f.status NOT IN ('running', 'ok') OR (f.status = 'ok' AND ${HAS_DIED}))
  LIMIT $5
)
ORDER BY f.flow_day, f.flow_id FOR UPDATE OF f`;

/** Since when a process counts as dead. */
export interface DeathLimits {
  /** Of a process that fell silent. */
  deadAfterMs: number;
  /** Of a process that never sent a heartbeat. */
  silentMs: number;
}

const deathValues = (processes: Processes, limits: DeathLimits): unknown[] => [
  limits.deadAfterMs / 1_000,
  processes.dead,
  limits.silentMs / 1_000,
  processes.alive,
];

/** Takes the lock of who marks flows as lost; false when another bridge has it. It is held until the transaction ends. */
export async function lockSweep(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS taken', [
    LOCK,
  ]);
  return rows[0]?.taken === true;
}

/** Marks running flows as lost whose process died; the process is named by characters 11 to 18 of the id. */
export async function markLost(client: PoolClient, processes: Processes, limits: DeathLimits): Promise<FlowKey[]> {
  return (await client.query<FlowKey>(MARK_LOST, deathValues(processes, limits))).rows;
}

/**
 * Locks some flows that left checkpoints open: they did not end well, or did and their process died since.
 *
 * @param most how many checkpoints to look at
 */
export async function lockLeftOpen(
  client: PoolClient,
  processes: Processes,
  limits: DeathLimits,
  most: number,
): Promise<FlowToReconcile[]> {
  return (await client.query<FlowToReconcile>(LOCK_LEFT_OPEN, [...deathValues(processes, limits), most])).rows;
}

/** A running flow that has had no event for long, and the checkpoint it is at. */
export interface StalledFlow {
  flow_id: string;
  user_id: string | null;
  name: string;
  silent_ms: number;
  checkpoint: string | null;
}

/**
 * How many running flows have had no event for `silentMs`, and the latest of them.
 *
 * @param recordedBy of these processes alone; without it, of all
 */
export async function findStalledFlows(
  pool: Pool,
  silentMs: number,
  limit: number,
  recordedBy?: readonly string[],
): Promise<{ count: number; flows: StalledFlow[] }> {
  const { rows } = await pool.query<StalledFlow & { total: number }>(
    `SELECT f.flow_id, f.user_id, f.name, extract(epoch FROM now() - f.last_event_at)::float8 * 1000 AS silent_ms, f.total,
  (SELECT p.checkpoint FROM flow.checkpoints AS p
   WHERE p.flow_day = f.flow_day AND p.flow_id = f.flow_id AND p.status = 'running'
   ORDER BY p.node_id DESC LIMIT 1) AS checkpoint
FROM (
  SELECT *, count(*) OVER ()::int AS total FROM flow.flows
  WHERE status = 'running' AND last_event_at < now() - make_interval(secs => $1)
    AND ($3::text[] IS NULL OR substr(flow_id, 11, 8) = ANY ($3))
  ORDER BY last_event_at DESC LIMIT $2
) AS f`,
    [silentMs / 1_000, limit, recordedBy ?? null],
  );
  return { count: rows[0]?.total ?? 0, flows: rows.map(({ total: _total, ...flow }) => flow) };
}
