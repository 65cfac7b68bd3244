import { epochMs } from '../../platform/postgres/columns';
import type { Pool } from '../../platform/postgres/pool';
import { inRange, type StatsRange } from './checkpoint-stats-store';

/** Models that are told apart, those with most tokens. */
const MAX_MODELS = 50;

/** What calls of one model took in one slot of a checkpoint. */
export interface CallRow {
  checkpoint: string;
  /** Begin of the slot. */
  ts: number;
  /** Empty: none was told, or it is not among those that are told apart. */
  model: string;
  count: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  /** Histograms of the time to the first chunk, to be summed; as in the roll-up of checkpoints. */
  histograms: string[];
}

/** Model calls of the given checkpoints, by time. */
export async function readCalls(pool: Pool, range: StatsRange, checkpoints: readonly string[]): Promise<CallRow[]> {
  const where = inRange(range);
  where.and(`checkpoint = ANY(${where.bind(checkpoints)})`);
  const { rows } = await pool.query<Omit<CallRow, 'histograms'> & { histograms: string | null }>(
    `WITH c AS (SELECT * FROM flow.call_stats ${where.sql}),
most AS (SELECT model FROM c GROUP BY model ORDER BY sum(input_tokens + output_tokens) DESC, model LIMIT ${MAX_MODELS})
SELECT c.checkpoint, ${epochMs('c.slot_at')} AS ts, COALESCE(most.model, '') AS model, sum(c.count)::float8 AS count,
  sum(c.input_tokens)::float8 AS "inputTokens", sum(c.cached_input_tokens)::float8 AS "cachedInputTokens",
  sum(c.output_tokens)::float8 AS "outputTokens",
  string_agg(NULLIF(array_to_string(c.first_chunk_histogram, ','), ''), ';') AS histograms
FROM c LEFT JOIN most USING (model) GROUP BY c.checkpoint, c.slot_at, most.model ORDER BY c.slot_at`,
    where.values,
  );
  return rows.map((row) => ({ ...row, histograms: row.histograms === null ? [] : row.histograms.split(';') }));
}
