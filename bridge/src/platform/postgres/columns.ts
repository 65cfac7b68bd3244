import { partsOf } from '../text-parts';

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
/** Type of a column of JSON documents, JSON text in the row. */
export const JSONB = 'jsonb';
/** Stands between JSON texts, which escape it: nothing of them has to be escaped again, or read twice. */
const SEPARATOR = '\u001e';

/**
 * Builds `INSERT INTO table AS t (…) SELECT … FROM unnest($1, $2, …)`: one parameter a column instead of one a value,
 * since Postgres takes 65,535 at most.
 */
export function insertFromUnnest<Row>(table: string, columns: readonly Column<Row>[]): string {
  const names = columns.map(([name]) => name);
  const arrays = columns.map(([, type], i) => arrayOf(`$${i + 1}`, type));
  return `INSERT INTO ${table} AS t (${names.join(', ')})
SELECT ${columns.map(fromElement).join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${names.join(', ')})`;
}

/** The value of a column, from the element of its array. */
function fromElement<Row>([name, type]: Column<Row>): string {
  if (type === EPOCH_MS) return `to_timestamp(${name} / 1000.0)`;
  if (type === EPOCH_S) return `to_timestamp(${name})`;
  return isSentAsText(type) ? `${name}::${type}` : name;
}

/** A column's parameter as the array that it stands for. */
function arrayOf(parameter: string, type: string): string {
  return type === JSONB
    ? `string_to_array(${parameter}, chr(${SEPARATOR.charCodeAt(0)}), 'null')`
    : `${parameter}::${elementType(type)}[]`;
}

/** SQL type of the elements of a column's array. */
function elementType(type: string): string {
  if (type === EPOCH_MS || type === EPOCH_S) return 'float8';
  return isSentAsText(type) ? 'text' : type;
}

/** An array of arrays would need its own escaping: each element is a text, and is cast. */
function isSentAsText(type: string): boolean {
  return type === JSONB || type.endsWith('[]');
}

/** The parameters of {@link insertFromUnnest}: one a column, a text or the bytes of one. */
export function columnArrays<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): (string | Buffer)[] {
  return columns.map(([, type, read]) => {
    const values = rows.map(read);
    return type === JSONB ? documents(values.map((json) => String(json))) : arrayLiteral(values);
  });
}

/** Documents with separators between them, as bytes: one string of them all would be a large one. */
function documents(texts: readonly string[]): Buffer {
  const parts = Array.from(partsOf(texts), (part, i) => Buffer.from((i === 0 ? '' : SEPARATOR) + part.join(SEPARATOR)));
  return Buffer.concat(parts);
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
