import { kindOf, type FieldKind, type RecordFields } from '@flow-tracking/protocol';
import { cleanText, toJsonb } from './clean-json';
import { EPOCH_MS, epochMs, JSONB, type Column } from './columns';

/** How values of a kind are kept: the SQL type of their column, and what is sent for one of them. */
type Kept = readonly [type: string, send: (value: never) => string | number];

const asIs = (value: string | number): string | number => value;

const KEPT: Readonly<Record<FieldKind, Kept>> = {
  id: ['text', cleanText],
  text: ['text', cleanText],
  flow_status: ['text', asIs],
  checkpoint_status: ['text', asIs],
  ts: [EPOCH_MS, asIs],
  ms: ['float8', asIs],
  int: ['int', asIs],
  tokens: ['bigint', asIs],
  attributes: [JSONB, toJsonb],
  error: [JSONB, toJsonb],
};

/** SQL by field; null: nothing. */
type Overrides<Fields> = { readonly [Name in keyof Fields]?: string | null };

const columnOf = (name: string): string => name.replace(/_ts$/, '_at');

/** The columns that a record's fields are written to. */
export function writtenColumns<Fields extends RecordFields>(
  fields: Fields,
): Column<{ [Name in keyof Fields]: unknown }>[] {
  return Object.entries(fields).map(([name, field]) => {
    const [type, send] = KEPT[kindOf(field).kind];
    const read: Column<Record<string, unknown>>[2] = (row) => {
      const value = row[name];
      return value === null ? null : send(value as never);
    };
    return [columnOf(name), type, read];
  });
}

/**
 * What an upsert into `t` sets, `column = …` each, where nothing else is said: what is told wins over what is not, and of
 * attributes each for itself.
 *
 * @param rules of the fields that have their own; null: the first row's stays
 */
export function mergedColumns<Fields extends RecordFields>(fields: Fields, rules: Overrides<Fields>): string {
  const byKind = (column: string, kind: FieldKind): string => {
    if (kind === 'attributes') return `t.${column} || EXCLUDED.${column}`;
    return `COALESCE(${kind === 'text' ? `NULLIF(EXCLUDED.${column}, '')` : `EXCLUDED.${column}`}, t.${column})`;
  };
  return Object.entries(fields)
    .map(([name, field]) => [columnOf(name), rules[name], kindOf(field).kind] as const)
    .filter(([, rule]) => rule !== null)
    .map(([column, rule, kind]) => `${column} = ${rule ?? byKind(column, kind)}`)
    .join(',\n  ');
}

/** The list of a SELECT that reads a record. @param sql in place of the column of a field's name */
export function readColumns<Fields extends RecordFields>(fields: Fields, sql: Overrides<Fields> = {}): string {
  const byKind = (column: string, kind: FieldKind): string => {
    if (kind === 'ts') return epochMs(column);
    return kind === 'tokens' ? `${column}::float8` : column;
  };
  return Object.entries(fields)
    .map(([name, field]) => `${sql[name] ?? byKind(columnOf(name), kindOf(field).kind)} AS ${name}`)
    .join(', ');
}
