import type { Client } from 'pg';

/** As the roll-up keeps what is long ago: a row an hour, here each of a hundred ends of 4 to 8 ms. */
const INSERT = `INSERT INTO flow.checkpoint_stats
SELECT 3600, slot_at, checkpoint, 100, 1, 600, array_append(array_fill(0, ARRAY[flow.duration_bucket(6)]), 100), 0, 0
FROM generate_series(date_trunc('hour', now()) - make_interval(days => $1), now(), '1 hour') AS slot_at,
  unnest($2::text[]) AS checkpoint`;

/** Fills the roll-up of checkpoints, in slots of an hour, from so many days ago until now. */
export async function addHourlyStats(
  client: Client,
  { days, checkpoints }: { days: number; checkpoints: readonly string[] },
): Promise<void> {
  await client.query(INSERT, [days, checkpoints]);
}
