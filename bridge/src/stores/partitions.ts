import type { Pool } from '../adapters/postgres';

/** Days made ahead of today, so that a bridge may be away for a week. */
const DAYS_AHEAD = 7;

/** Makes the missing day partitions from yesterday to a week ahead; returns how many tables it made. */
export async function createDayPartitions(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ made: number }>(
    `SELECT flow.create_day_partitions(today - 1, today + $1::int) AS made
FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS today) AS t`,
    [DAYS_AHEAD],
  );
  return rows[0]?.made ?? 0;
}
