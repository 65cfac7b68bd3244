import {
  ATTRIBUTES,
  CHECKPOINT_STATUSES,
  FLOW_STATUSES,
  type Attributes,
  type CheckpointRecord,
  type ErrorInfo,
  type FlowRecord,
} from '@flow-tracking/protocol';
import { z } from 'zod';
import { numberOrNull, object, text, textOrNull, ts, tsOrNull, whole } from '../http/answer-fields';
import { epochMs } from '../platform/postgres/columns';

/** A field of a record: what an answer has in it, and the SQL that reads it; without one, the column of its name. */
type Field<T> = readonly [answer: z.ZodType<T>, sql?: string];

/** The fields of a record, by name: those of the protocol's type, and no others. */
type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

export const attributes: z.ZodType<Attributes> = z.record(z.string(), z.json());
const errorInfo = object<ErrorInfo>('ErrorInfo', { type: text, message: text });

const flowFields: Fields<FlowRecord> = {
  flow_id: [text],
  session_id: [text],
  user_id: [textOrNull],
  name: [text],
  service: [text],
  instance: [text],
  status: [z.enum(FLOW_STATUSES)],
  started_ts: [ts, epochMs('started_at')],
  ended_ts: [tsOrNull, epochMs('ended_at')],
  duration_ms: [numberOrNull],
  http_status: [numberOrNull],
  error: [errorInfo.nullable()],
  trace_id: [textOrNull],
  attributes: [attributes],
  checkpoint_count: [whole],
  error_count: [whole],
  input_tokens: [numberOrNull, 'input_tokens::float8'],
  output_tokens: [numberOrNull, 'output_tokens::float8'],
  last_seq: [whole],
};

/** With the mark of an end that the flow gave, in place of one of its own. */
const MARKED_ATTRIBUTES = `CASE WHEN unended AND end_seq IS NULL THEN attributes || '{"${ATTRIBUTES.unended}": true}' ELSE attributes END`;

const checkpointFields: Fields<CheckpointRecord> = {
  flow_id: [text, 'p.flow_id'],
  node_id: [whole],
  parent_id: [numberOrNull],
  checkpoint: [text],
  status: [z.enum(CHECKPOINT_STATUSES)],
  started_ts: [ts, epochMs('started_at')],
  ended_ts: [tsOrNull, epochMs('ended_at')],
  duration_ms: [numberOrNull],
  attributes: [attributes, MARKED_ATTRIBUTES],
  error: [errorInfo.nullable()],
  end_seq: [numberOrNull],
};

const entriesOf = <T>(fields: Fields<T>): [name: string, field: Field<unknown>][] => Object.entries(fields);

const columnsOf = <T>(fields: Fields<T>): string =>
  entriesOf(fields)
    .map(([name, [, sql]]) => (sql === undefined ? name : `${sql} AS ${name}`))
    .join(', ');

const answerOf = <T>(name: string, fields: Fields<T>) => {
  const shape = Object.fromEntries(entriesOf(fields).map(([field, [answer]]) => [field, answer]));
  return object<T>(name, shape as { [Name in keyof T]-?: z.ZodType<T[Name]> });
};

/** Columns of a flow, as HTTP and frames have it. */
export const FLOW_COLUMNS = columnsOf(flowFields);
/** The same of `flow.checkpoints AS p`. */
export const CHECKPOINT_COLUMNS = columnsOf(checkpointFields);

export const flowRecord = answerOf<FlowRecord>('FlowRecord', flowFields);
export const checkpointRecord = answerOf<CheckpointRecord>('CheckpointRecord', checkpointFields);
