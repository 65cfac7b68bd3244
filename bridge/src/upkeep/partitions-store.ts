import { inTransaction, type Pool } from '../platform/postgres/pool';

/** Days made ahead of today, so that a bridge may be away for a week. */
const DAYS_AHEAD = 7;
/**
 * Waits briefly for whoever reads the tables, and then gives up: every reader and writer that comes meanwhile waits behind
 * a lock that is asked for.
 */
const LIMIT_LOCKS = "SET LOCAL lock_timeout = '500ms'";

/** Makes the missing day partitions from yesterday to a week ahead; returns how many tables it made. */
export async function createDayPartitions(pool: Pool): Promise<number> {
  return inTransaction(pool, async (client) => {
    await client.query(LIMIT_LOCKS);
    const { rows } = await client.query<{ made: number }>(
      `SELECT flow.create_day_partitions(today - 1, today + $1::int) AS made
FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS today) AS t`,
      [DAYS_AHEAD],
    );
    return rows[0]?.made ?? 0;
  });
}

/** Drops the days that are older than `retentionDays`, their roll-up included; returns how many tables it dropped. */
export async function dropDayPartitions(pool: Pool, retentionDays: number): Promise<number> {
  return inTransaction(pool, async (client) => {
    await client.query(`${LIMIT_LOCKS}; SET LOCAL statement_timeout = 0`);
    const { rows } = await client.query<{ dropped: number }>(
      `SELECT flow.drop_day_partitions((now() AT TIME ZONE 'UTC')::date - $1::int) AS dropped`,
      [retentionDays],
    );
    return rows[0]?.dropped ?? 0;
  });
}
