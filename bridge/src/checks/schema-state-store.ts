import type { Pool } from '../platform/postgres/pool';

/** `16.2 (Debian …)`. */
export async function readPostgresVersion(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  return rows[0]?.version ?? '';
}

/** The database's time, epoch ms. */
export async function readPostgresClock(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  );
  return rows[0]?.now ?? NaN;
}

/** Age of the newest report of a bridge, ms; null when there is none. */
export async function readReportAge(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ age_ms: number | null }>(
    'SELECT (extract(epoch FROM clock_timestamp() - max(seen_at)) * 1000)::float8 AS age_ms FROM flow.bridge_status',
  );
  return rows[0]?.age_ms ?? null;
}

/** How the day partitions stand. */
export interface PartitionState {
  /** Days, of today and tomorrow (UTC), that have no partition of their own: `YYYY-MM-DD`. */
  missingDays: string[];
  /** Flows in the default partition, counted up to {@link MOST_COUNTED}. */
  inDefault: number;
}

export const MOST_COUNTED = 1_000;

export async function readPartitionState(pool: Pool): Promise<PartitionState> {
  const { rows } = await pool.query<{ missing: string[]; in_default: number }>(
    `SELECT
  ARRAY(
    SELECT day::date::text
    FROM generate_series(date_trunc('day', now() AT TIME ZONE 'UTC'), (now() AT TIME ZONE 'UTC') + interval '1 day', '1 day') AS day
    WHERE to_regclass('flow.flows_p' || to_char(day, 'YYYYMMDD')) IS NULL
  ) AS missing,
  (SELECT count(*)::int FROM (SELECT FROM flow.flows_default LIMIT $1) AS counted) AS in_default`,
    [MOST_COUNTED],
  );
  const [state] = rows;
  return { missingDays: state?.missing ?? [], inDefault: state?.in_default ?? 0 };
}
