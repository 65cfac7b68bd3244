/** What an array can be sent of. */
type Value = string | number | null;

/** One column of an unnest insert: its name, the SQL type of one element, and how to read it from a row. */
export type Column<Row> = readonly [name: string, type: string, read: (row: Row) => Value];

/** Epoch ms in SQL from a timestamptz: exact to the µs, as a JSON number. */
export function epochMs(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}

/** Type of a column that holds epoch ms in the row and a timestamptz in the table. */
export const EPOCH_MS = 'epoch_ms';
/** The same for epoch s. */
export const EPOCH_S = 'epoch_s';

/**
 * Builds `INSERT INTO table AS t (…) SELECT … FROM unnest($1, $2, …)`: one parameter a column instead of one a value,
 * since Postgres takes 65,535 at most.
 */
export function insertFromUnnest<Row>(table: string, columns: readonly Column<Row>[]): string {
  const names = columns.map(([name]) => name);
  const arrays = columns.map(([, type], i) => `$${i + 1}::${elementType(type)}[]`);
  return `INSERT INTO ${table} AS t (${names.join(', ')})
SELECT ${columns.map(fromElement).join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${names.join(', ')})`;
}

/** The value of a column, from the element of its array. */
function fromElement<Row>([name, type]: Column<Row>): string {
  if (type === EPOCH_MS) return `to_timestamp(${name} / 1000.0)`;
  if (type === EPOCH_S) return `to_timestamp(${name})`;
  return isSentAsText(type) ? `${name}::${type}` : name;
}

/** SQL type of the elements that a column is sent as. */
function elementType(type: string): string {
  if (type === EPOCH_MS || type === EPOCH_S) return 'float8';
  return isSentAsText(type) ? 'text' : type;
}

/** An array of jsonb or of arrays would need its own escaping: each element is a text, and is cast. */
function isSentAsText(type: string): boolean {
  return type === 'jsonb' || type.endsWith('[]');
}

/** The parameters of {@link insertFromUnnest}: one array a column. */
export function columnArrays<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  return columns.map(([, , read]) => arrayLiteral(rows.map(read)));
}

/**
 * Postgres' text form of an array of texts, numbers and nulls. node-postgres would make the same, at several times the
 * cost, and that is much of what a batch costs.
 *
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayLiteral(values: readonly Value[]): string {
  return `{${values.map(element).join(',')}}`;
}

function element(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return 'NULL';
  return /["\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `"${value}"`;
}
