import type { CheckpointRecord, FlowRecord } from '@flow-tracking/protocol';
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

const FLOW_COLUMNS: readonly Column<FlowRow>[] = [
  column(FLOW_FIELDS.startedTs, time, (row) => row.flow.started_ts),
  column(FLOW_FIELDS.name, string, (row) => row.flow.name),
  column(FLOW_FIELDS.status, string, (row) => row.flow.status),
  column(FLOW_FIELDS.durationMs, number, (row) => row.flow.duration_ms, 'ms'),
  column(FLOW_FIELDS.userId, string, (row) => row.flow.user_id, VERBATIM),
  column(FLOW_FIELDS.sessionId, string, (row) => row.flow.session_id, VERBATIM),
  column(FLOW_FIELDS.flowId, string, (row) => row.flow.flow_id, VERBATIM),
  column(FLOW_FIELDS.service, string, (row) => row.flow.service),
  column(FLOW_FIELDS.checkpointCount, number, (row) => row.flow.checkpoint_count),
  column(FLOW_FIELDS.errorCount, number, (row) => row.flow.error_count),
  column(FLOW_FIELDS.httpStatus, number, (row) => row.flow.http_status),
  column(FLOW_FIELDS.errorType, string, (row) => row.flow.error?.type ?? null),
  column(FLOW_FIELDS.errorMessage, string, (row) => row.flow.error?.message ?? null),
  column(FLOW_FIELDS.traceId, string, (row) => row.flow.trace_id),
  column(FLOW_FIELDS.attributes, other, (row) => row.flow.attributes),
  column(FLOW_FIELDS.missing, string, (row) => formatSeqs(row.missing)),
  column(FLOW_FIELDS.lastSeq, number, (row) => row.flow.last_seq),
];

const CHECKPOINT_COLUMNS: readonly Column<CheckpointRecord>[] = [
  column(CHECKPOINT_FIELDS.startedTs, time, (row) => row.started_ts),
  column(CHECKPOINT_FIELDS.endedTs, time, (row) => row.ended_ts),
  column(CHECKPOINT_FIELDS.checkpoint, string, (row) => row.checkpoint),
  column(CHECKPOINT_FIELDS.status, string, (row) => row.status),
  column(CHECKPOINT_FIELDS.durationMs, number, (row) => row.duration_ms, 'ms'),
  column(CHECKPOINT_FIELDS.flowId, string, (row) => row.flow_id),
  column(CHECKPOINT_FIELDS.nodeId, number, (row) => row.node_id),
  column(CHECKPOINT_FIELDS.parentId, number, (row) => row.parent_id),
  column(CHECKPOINT_FIELDS.errorType, string, (row) => row.error?.type ?? null),
  column(CHECKPOINT_FIELDS.errorMessage, string, (row) => row.error?.message ?? null),
  column(CHECKPOINT_FIELDS.attributes, other, (row) => row.attributes),
];

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
