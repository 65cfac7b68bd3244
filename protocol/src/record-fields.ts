import type { CheckpointStatus, FlowStatus } from './events';
import type { Attributes, ErrorInfo } from './values';

/** What a field of a record can hold. */
interface FieldValues {
  /** Of a flow, session or user: never to be read as a number. */
  id: string;
  text: string;
  flow_status: FlowStatus;
  checkpoint_status: CheckpointStatus;
  /** Epoch ms with a µs fraction. */
  ts: number;
  /** A duration in ms. */
  ms: number;
  int: number;
  /** A count that may be larger than an `int`. */
  tokens: number;
  attributes: Attributes;
  error: ErrorInfo;
}

export type FieldKind = keyof FieldValues;
/** The kind of a field; with `?`, one that is null while it is not known. */
export type RecordField = FieldKind | `${FieldKind}?`;
/** The fields of a record, by name. */
export type RecordFields = Readonly<Record<string, RecordField>>;

type ValueOf<Field> = Field extends `${infer Kind extends FieldKind}?`
  ? FieldValues[Kind] | null
  : Field extends FieldKind
    ? FieldValues[Field]
    : never;
type RecordOf<Fields> = { -readonly [Name in keyof Fields]: ValueOf<Fields[Name]> };

/** The kind without its mark, and whether it had one. */
export function kindOf(field: RecordField): { kind: FieldKind; isNullable: boolean } {
  return field.endsWith('?')
    ? { kind: field.slice(0, -1) as FieldKind, isNullable: true }
    : { kind: field as FieldKind, isNullable: false };
}

/*
 * The two tables that the bridge's columns and answers and the datasource's frames are made of. A column has the name of
 * its field, but `_at` for `_ts`.
 */

export const FLOW_RECORD_FIELDS = {
  flow_id: 'id',
  session_id: 'id',
  user_id: 'id?',
  /** Empty until the flow's start has arrived, like `service` and `instance`. */
  name: 'text',
  service: 'text',
  instance: 'text',
  status: 'flow_status',
  started_ts: 'ts',
  ended_ts: 'ts?',
  duration_ms: 'ms?',
  http_status: 'int?',
  error: 'error?',
  trace_id: 'text?',
  attributes: 'attributes',
  checkpoint_count: 'int',
  error_count: 'int',
  input_tokens: 'tokens?',
  output_tokens: 'tokens?',
  /** The highest `seq` that history holds of this flow. */
  last_seq: 'int',
} as const satisfies RecordFields;

export const CHECKPOINT_RECORD_FIELDS = {
  flow_id: 'id',
  node_id: 'int',
  parent_id: 'int?',
  checkpoint: 'text',
  status: 'checkpoint_status',
  started_ts: 'ts',
  /**
   * Null while it runs, and for an instant checkpoint. With an `end_seq` of null it is the end of its flow, and the
   * attribute `flow.unended` says so.
   */
  ended_ts: 'ts?',
  duration_ms: 'ms?',
  attributes: 'attributes',
  error: 'error?',
  /** `seq` of the event that ended it; null while it runs, and for an instant checkpoint. */
  end_seq: 'int?',
} as const satisfies RecordFields;

/** One flow as history knows it. Times are epoch ms with a µs fraction. */
export type FlowRecord = RecordOf<typeof FLOW_RECORD_FIELDS>;

/** One node of a flow's tree; a tree is a flat list of these, linked by `parent_id`. */
export type CheckpointRecord = RecordOf<typeof CHECKPOINT_RECORD_FIELDS>;
