import type { Pool } from '../adapters/postgres';
import { cleanText } from './clean-json';
import { epochMs } from './columns';
import { createWhere, type Where } from './where';

/** Widths of the roll-up's slots, in seconds. */
export type SlotWidth = 60 | 600 | 3600;

/** Slots that begin in [fromTs, toTs). */
export interface StatsRange {
  slotS: SlotWidth;
  fromTs: number;
  toTs: number;
}

/** Sums of one checkpoint over one interval. */
export interface StatsRow {
  checkpoint: string;
  /** Begin of the interval. */
  ts: number;
  count: number;
  errors: number;
  durationSumMs: number;
  /** How many by bucket of `flow.duration_bucket`, from bucket 0. */
  histogram: number[];
  inputTokens: number;
  outputTokens: number;
}

type RawRow = Omit<StatsRow, 'histogram'> & { histogram: string };

function inRange({ slotS, fromTs, toTs }: StatsRange): Where {
  const where = createWhere();
  where.and(`slot_s = ${where.bind(slotS)}`);
  where.and(`slot_at >= ${where.bindTime(fromTs)}`);
  where.and(`slot_at < ${where.bindTime(toTs)}`);
  return where;
}

/** Names of checkpoints by how many ended in the range, most first. */
export async function listCheckpointNames(
  pool: Pool,
  range: StatsRange,
  filter: { text?: string | undefined; limit: number },
): Promise<{ checkpoint: string; count: number; errors: number }[]> {
  const where = inRange(range);
  if (filter.text !== undefined) {
    where.and(`strpos(lower(checkpoint), lower(${where.bind(cleanText(filter.text))})) > 0`);
  }
  const { rows } = await pool.query<{ checkpoint: string; count: number; errors: number }>(
    `SELECT checkpoint, sum(count)::float8 AS count, sum(errors)::float8 AS errors
FROM flow.checkpoint_stats ${where.sql}
GROUP BY checkpoint ORDER BY sum(count) DESC, checkpoint LIMIT ${where.bind(filter.limit)}`,
    where.values,
  );
  return rows;
}

/** The slots themselves: the interval is as wide as they are, so there is nothing to sum. */
const slotRows = (where: Where): string => `SELECT checkpoint, ${epochMs('slot_at')} AS ts, count::float8,
  errors::float8, duration_sum_ms AS "durationSumMs", array_to_string(histogram, ',') AS histogram,
  input_tokens::float8 AS "inputTokens", output_tokens::float8 AS "outputTokens"
FROM flow.checkpoint_stats ${where.sql} ORDER BY checkpoint, slot_at`;

/** Sums of several slots. The longest of their histograms tells every bucket, so the sums have no holes. */
const summedRows = (where: Where, intervalS: number): string => `WITH slots AS (
  SELECT *, date_bin(make_interval(secs => ${where.bind(intervalS)}), slot_at, 'epoch'::timestamptz) AS at
  FROM flow.checkpoint_stats ${where.sql}
), sums AS (
  SELECT checkpoint, at, sum(count) AS count, sum(errors) AS errors, sum(duration_sum_ms) AS duration_sum_ms,
    sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens
  FROM slots GROUP BY checkpoint, at
), buckets AS (
  SELECT checkpoint, at, bucket, sum(n) AS n
  FROM slots, unnest(histogram) WITH ORDINALITY AS u(n, bucket) GROUP BY checkpoint, at, bucket
), histograms AS (
  SELECT checkpoint, at, string_agg(n::text, ',' ORDER BY bucket) AS histogram FROM buckets GROUP BY checkpoint, at
)
SELECT checkpoint, ${epochMs('at')} AS ts, count::float8, errors::float8, duration_sum_ms AS "durationSumMs",
  COALESCE(histogram, '') AS histogram, input_tokens::float8 AS "inputTokens", output_tokens::float8 AS "outputTokens"
FROM sums LEFT JOIN histograms USING (checkpoint, at) ORDER BY checkpoint, at`;

/** What the given checkpoints did, by name and interval; intervals in which none ended are left out. */
export async function readStats(
  pool: Pool,
  range: StatsRange,
  options: { checkpoints: readonly string[]; intervalS: number },
): Promise<StatsRow[]> {
  const where = inRange(range);
  where.and(`checkpoint = ANY(${where.bind(options.checkpoints)})`);
  const text = options.intervalS === range.slotS ? slotRows(where) : summedRows(where, options.intervalS);
  const { rows } = await pool.query<RawRow>(text, where.values);
  // As text, since pg takes arrays apart ten times slower.
  return rows.map((row) => ({ ...row, histogram: row.histogram === '' ? [] : row.histogram.split(',').map(Number) }));
}
