import type { SlowCheckpoint } from '@flow-tracking/protocol';
import { cleanText } from '../../platform/postgres/clean-json';
import { epochMs } from '../../platform/postgres/columns';
import type { Pool } from '../../platform/postgres/pool';
import { filterFlows, type FlowFilter } from '../flow-filter-sql';

/** Flows that are looked at: their checkpoints are read by key, which takes some 100 ms. */
const NEWEST_FLOWS = 20_000;

/** From which duration on a checkpoint is slow, by name; null: for all names. */
export type SlowLimits = ReadonlyMap<string, number> | number;

/** What was found, and how far back. */
export interface SlowFound {
  checkpoints: SlowCheckpoint[];
  /** Null: all flows were looked at. */
  lookedBackToTs: number | null;
}

type Row = { [Name in keyof SlowCheckpoint]: SlowCheckpoint[Name] | null } & {
  looked_at: number;
  looked_back_to_ts: number | null;
};

/** Checkpoints at or over their limits, of the newest flows that pass the filter. */
export async function listSlow(
  pool: Pool,
  filter: Omit<FlowFilter, 'minDurationMs' | 'text' | 'cursor'>,
  limits: SlowLimits,
): Promise<SlowFound> {
  // Checkpoints are asked for below; here they would only be looked for twice.
  const where = filterFlows({ ...filter, checkpoints: undefined });
  const { bind } = where;
  const conditions: string[] = [];
  let limitOf: string;
  if (typeof limits === 'number') {
    limitOf = `CROSS JOIN (SELECT ${bind(limits)}::float8 AS ms) AS l`;
    if (filter.checkpoints !== undefined) {
      conditions.push(`AND p.checkpoint = ANY(${bind(filter.checkpoints.map(cleanText))}::text[])`);
    }
  } else {
    const names = bind([...limits.keys()].map(cleanText));
    limitOf = `JOIN unnest(${names}::text[], ${bind([...limits.values()])}::float8[]) AS l(name, ms) ON l.name = p.checkpoint`;
  }
  const { rows } = await pool.query<Row>(
    `WITH newest AS MATERIALIZED (
  SELECT flow_day, flow_id, session_id, user_id, service, started_at FROM flow.flows AS f ${where.sql}
  ORDER BY started_at DESC, flow_id DESC LIMIT ${NEWEST_FLOWS}
), slow AS (
  SELECT n.flow_id, n.session_id, n.user_id, n.service, p.node_id, p.checkpoint, p.status,
    ${epochMs('p.started_at')} AS started_ts, p.duration_ms, l.ms AS limit_ms, n.started_at
  FROM newest AS n
  JOIN flow.checkpoints AS p ON p.flow_day = n.flow_day AND p.flow_id = n.flow_id
  ${limitOf}
  WHERE p.duration_ms >= l.ms ${conditions.join(' ')}
  ORDER BY n.started_at DESC, n.flow_id DESC, p.node_id LIMIT ${bind(filter.limit)}
)
SELECT slow.*, looked_at, looked_back_to_ts
FROM (SELECT count(*)::int AS looked_at, ${epochMs('min(started_at)')} AS looked_back_to_ts FROM newest) AS looked
LEFT JOIN slow ON true
ORDER BY slow.started_at DESC, slow.flow_id DESC, slow.node_id`,
    where.values,
  );
  const [first] = rows;
  return {
    checkpoints: rows.flatMap((row) => (isFound(row) ? [toSlow(row)] : [])),
    lookedBackToTs: first !== undefined && first.looked_at >= NEWEST_FLOWS ? first.looked_back_to_ts : null,
  };
}

const isFound = (row: Row): row is Row & SlowCheckpoint => row.flow_id !== null;

function toSlow(row: SlowCheckpoint): SlowCheckpoint {
  return {
    flow_id: row.flow_id,
    session_id: row.session_id,
    user_id: row.user_id,
    service: row.service,
    node_id: row.node_id,
    checkpoint: row.checkpoint,
    status: row.status,
    started_ts: row.started_ts,
    duration_ms: row.duration_ms,
    limit_ms: row.limit_ms,
  };
}
