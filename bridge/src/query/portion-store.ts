import type { Pool } from '../platform/postgres/pool';
import { prepared } from './prepared';

/** What a record takes as JSON besides its attributes and error: names, ids and times. */
const RECORD_BYTES = 250;

/** The rows of one read, which is bounded in bytes. */
export interface Portion<Row> {
  rows: Row[];
  /** About what they take as JSON. */
  bytes: number;
  /** There may be more rows behind these. */
  isCut: boolean;
}

/** A SELECT of records that have `attributes` and `error`, with its own ORDER BY and LIMIT. */
export interface RecordsQuery {
  text: string;
  values: unknown[];
  limit: number;
  /** Planned each time, since what is asked for decides how. */
  isPlannedAnew?: boolean;
}

/** Columns that measure, which no record has. */
interface Measures {
  portion_bytes: number;
  portion_found: number;
}

/**
 * Reads the first records of a query that take so many bytes together, but one at least: Postgres measures, so that what
 * is beyond them never comes over the wire.
 */
export async function readPortion<Row extends object>(
  pool: Pool,
  { text, values, limit, isPlannedAnew = false }: RecordsQuery,
  bytes: number,
): Promise<Portion<Row>> {
  const measured = `SELECT * FROM (
  SELECT r.*, (sum(record_bytes) OVER (ROWS UNBOUNDED PRECEDING))::float8 AS portion_bytes,
    (count(*) OVER ())::int AS portion_found
  FROM (SELECT r.*, octet_length(attributes::text) + COALESCE(octet_length(error::text), 0) + ${RECORD_BYTES} AS record_bytes
    FROM (${text}) AS r OFFSET 0) AS r
) AS r WHERE portion_bytes - record_bytes < $${values.length + 1}`;
  const bound = [...values, bytes];
  const query = isPlannedAnew ? { text: measured, values: bound } : prepared(measured, bound);
  const { rows } = await pool.query<Row & Measures & { record_bytes: number }>(query);
  const last = rows.at(-1);
  return {
    rows: rows.map(
      ({ record_bytes: _, portion_bytes: _bytes, portion_found: _found, ...row }) => row as unknown as Row,
    ),
    bytes: last?.portion_bytes ?? 0,
    isCut: last !== undefined && (rows.length < last.portion_found || last.portion_found >= limit),
  };
}
