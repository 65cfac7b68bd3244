import { cleanText } from '../../platform/postgres/clean-json';
import { epochMs } from '../../platform/postgres/columns';
import type { Pool } from '../../platform/postgres/pool';
import { createWhere, type Where } from '../../platform/postgres/where';

/** Widths of the roll-up's slots, in seconds. */
export type SlotWidth = 60 | 600 | 3600;

/** Slots that begin in [fromTs, toTs). */
export interface StatsRange {
  slotS: SlotWidth;
  fromTs: number;
  toTs: number;
}

/** What one checkpoint did in one slot. */
export interface StatsRow {
  checkpoint: string;
  /** Begin of the slot. */
  ts: number;
  count: number;
  errors: number;
  durationSumMs: number;
  /** How many by bucket of `flow.duration_bucket`, from bucket 0: `3,0,12`. Text, since pg is slow with arrays. */
  histogram: string;
  inputTokens: number;
  outputTokens: number;
}

/** Conditions of slots of a range, the same for each of the roll-ups. */
export function inRange({ slotS, fromTs, toTs }: StatsRange): Where {
  const where = createWhere();
  where.and(`slot_s = ${where.bind(slotS)}`);
  where.and(`slot_at >= ${where.bindTime(fromTs)}`);
  where.and(`slot_at < ${where.bindTime(toTs)}`);
  return where;
}

/** A name of checkpoints, and what there is of it in a range. */
export interface CheckpointName {
  checkpoint: string;
  count: number;
  errors: number;
  /** Slots in which one ended. */
  slots: number;
}

/** Names of checkpoints by how many ended in the range, most first. */
export async function listCheckpointNames(
  pool: Pool,
  range: StatsRange,
  filter: { text?: string | undefined; names?: readonly string[] | undefined; limit: number },
): Promise<CheckpointName[]> {
  const where = inRange(range);
  if (filter.text !== undefined) {
    where.and(`strpos(lower(checkpoint), lower(${where.bind(cleanText(filter.text))})) > 0`);
  }
  if (filter.names !== undefined) where.and(`checkpoint = ANY(${where.bind(filter.names.map(cleanText))})`);
  const { rows } = await pool.query<CheckpointName>(
    `SELECT checkpoint, sum(count)::float8 AS count, sum(errors)::float8 AS errors, count(*)::int AS slots
FROM flow.checkpoint_stats ${where.sql}
GROUP BY checkpoint ORDER BY sum(count) DESC, checkpoint LIMIT ${where.bind(filter.limit)}`,
    where.values,
  );
  return rows;
}

/** What the given checkpoints did, by time; slots in which none ended are left out. */
export async function readStats(pool: Pool, range: StatsRange, checkpoints: readonly string[]): Promise<StatsRow[]> {
  const where = inRange(range);
  where.and(`checkpoint = ANY(${where.bind(checkpoints)})`);
  const { rows } = await pool.query<StatsRow>(
    `SELECT checkpoint, ${epochMs('slot_at')} AS ts, count::float8, errors::float8, duration_sum_ms AS "durationSumMs",
  array_to_string(histogram, ',') AS histogram, input_tokens::float8 AS "inputTokens", output_tokens::float8 AS "outputTokens"
FROM flow.checkpoint_stats ${where.sql} ORDER BY slot_at, checkpoint`,
    where.values,
  );
  return rows;
}
