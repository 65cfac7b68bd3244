import {
  CHECKPOINT_RECORD_FIELDS,
  FLOW_RECORD_FIELDS,
  kindOf,
  type CheckpointRecord,
  type ErrorInfo,
  type FieldKind,
  type FlowRecord,
  type RecordField,
} from '@flow-tracking/protocol';
import { formatSeqs, type SeqSet } from '@flow-tracking/protocol/model';
import type { Field, FieldType } from '@grafana/data';
import { CHECKPOINT_FIELDS, FLOW_FIELDS } from './fields';
import { currencySymbol, type CostOf, type PriceTable } from './prices';

// The types of fields by their values: so that this file, like the model, needs nothing of Grafana at run time.
const string = 'string' as FieldType.string;
const number = 'number' as FieldType.number;
const time = 'time' as FieldType.time;
const other = 'other' as FieldType.other;

/** A text that reads as a number stays as it is: ids may be `1e3` or `007`. */
const VERBATIM = 'string';

const SHOWN: Readonly<Record<Exclude<FieldKind, 'error'>, readonly [type: FieldType, unit?: string]>> = {
  id: [string, VERBATIM],
  text: [string],
  flow_status: [string],
  checkpoint_status: [string],
  ts: [time],
  ms: [number, 'ms'],
  int: [number],
  tokens: [number],
  attributes: [other],
};

/** A column of a frame, and where its values come from. */
export interface Column<T> {
  readonly name: string;
  readonly type: FieldType;
  readonly unit: string | undefined;
  readonly value: (row: T) => unknown;
}

/** What a row of the flows frame is made of. */
export interface FlowRow {
  readonly flow: FlowRecord;
  readonly missing: SeqSet;
  /** Null when it is not known. */
  readonly cost: number | null;
}

function column<T>(name: string, type: FieldType, value: (row: T) => unknown, unit?: string): Column<T> {
  return { name, type, value, unit };
}

/** The columns of one field of a record; an error has two. */
function columnsOfField<R extends object>(name: keyof R & string, field: RecordField): Column<R>[] {
  const { kind } = kindOf(field);
  if (kind !== 'error') {
    const [type, unit] = SHOWN[kind];
    return [column(name, type, (record) => record[name], unit)];
  }
  const errorOf = (record: R) => record[name] as ErrorInfo | null;
  return [
    column(FLOW_FIELDS.errorType, string, (record) => errorOf(record)?.type ?? null),
    column(FLOW_FIELDS.errorMessage, string, (record) => errorOf(record)?.message ?? null),
  ];
}

/**
 * A column a field of a record: those that people look at first, then the others as the contract lists them.
 *
 * @param hidden fields that no frame has
 */
function columnsOf<R extends object>(
  fields: Readonly<Record<keyof R & string, RecordField>>,
  first: readonly (keyof R & string)[],
  hidden: readonly (keyof R & string)[] = [],
): Column<R>[] {
  const rest = (Object.keys(fields) as (keyof R & string)[]).filter((name) => !first.includes(name));
  return [...first, ...rest]
    .filter((name) => !hidden.includes(name))
    .flatMap((name) => columnsOfField<R>(name, fields[name]));
}

const FLOW_COLUMNS: readonly Column<FlowRow>[] = [
  ...columnsOf<FlowRecord>(
    FLOW_RECORD_FIELDS,
    ['started_ts', 'name', 'status', 'duration_ms', 'user_id', 'session_id', 'flow_id', 'service'],
    // The end is told by begin and duration; the list of flows has the tokens.
    ['ended_ts', 'instance', 'input_tokens', 'output_tokens'],
  ).map((of): Column<FlowRow> => ({ ...of, value: ({ flow }) => of.value(flow) })),
  column(FLOW_FIELDS.missing, string, (row) => formatSeqs(row.missing)),
];

const CHECKPOINT_COLUMNS = columnsOf<CheckpointRecord>(
  CHECKPOINT_RECORD_FIELDS,
  ['started_ts', 'ended_ts', 'checkpoint', 'status', 'duration_ms'],
  ['end_seq'],
);

/** Amounts show in the currency of the prices. */
export function costUnit({ currency }: PriceTable): string {
  return `currency:${currencySymbol(currency)}`;
}

export function flowColumns(prices: PriceTable | null): readonly Column<FlowRow>[] {
  if (prices === null) return FLOW_COLUMNS;
  return [...FLOW_COLUMNS, column(FLOW_FIELDS.cost, number, (row) => row.cost, costUnit(prices))];
}

/** @param costOf of the same prices */
export function checkpointColumns(prices: PriceTable | null, costOf: CostOf): readonly Column<CheckpointRecord>[] {
  if (prices === null) return CHECKPOINT_COLUMNS;
  const cost = column<CheckpointRecord>(
    CHECKPOINT_FIELDS.cost,
    number,
    (row) => costOf(row.attributes),
    costUnit(prices),
  );
  return [...CHECKPOINT_COLUMNS, cost];
}

/** @param values of one row each; kept as they are, not copied */
export function toField<T>({ name, type, unit }: Column<T>, values: unknown[]): Field {
  return { name, type, config: unit === undefined ? {} : { unit }, values };
}
