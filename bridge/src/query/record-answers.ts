import {
  ATTRIBUTES,
  CHECKPOINT_RECORD_FIELDS,
  CHECKPOINT_STATUSES,
  FLOW_RECORD_FIELDS,
  FLOW_STATUSES,
  kindOf,
  type Attributes,
  type CheckpointRecord,
  type ErrorInfo,
  type FieldKind,
  type FlowRecord,
  type RecordFields,
} from '@flow-tracking/protocol';
import { z } from 'zod';
import { object, text, ts, whole } from '../http/answer-fields';
import { readColumns } from '../platform/postgres/record-columns';

export const attributes: z.ZodType<Attributes> = z.record(z.string(), z.json());

const ANSWERED: Readonly<Record<FieldKind, z.ZodType>> = {
  id: text,
  text,
  flow_status: z.enum(FLOW_STATUSES),
  checkpoint_status: z.enum(CHECKPOINT_STATUSES),
  ts,
  ms: z.number(),
  int: whole,
  tokens: z.number(),
  attributes,
  error: object<ErrorInfo>('ErrorInfo', { type: text, message: text }),
};

function answerOf<T>(name: string, fields: RecordFields) {
  const shape = Object.entries(fields).map(([field, of]) => {
    const { kind, isNullable } = kindOf(of);
    return [field, isNullable ? ANSWERED[kind].nullable() : ANSWERED[kind]];
  });
  return object<T>(name, Object.fromEntries(shape) as { [Name in keyof T]-?: z.ZodType<T[Name]> });
}

export const flowRecord = answerOf<FlowRecord>('FlowRecord', FLOW_RECORD_FIELDS);
export const checkpointRecord = answerOf<CheckpointRecord>('CheckpointRecord', CHECKPOINT_RECORD_FIELDS);

/** Columns of a flow, as HTTP and frames have it. */
export const FLOW_COLUMNS = readColumns(FLOW_RECORD_FIELDS);
/** The same of `flow.checkpoints AS p`, with the mark of an end that the flow gave in place of one of its own. */
export const CHECKPOINT_COLUMNS = readColumns(CHECKPOINT_RECORD_FIELDS, {
  flow_id: 'p.flow_id',
  attributes: `CASE WHEN unended AND end_seq IS NULL THEN attributes || '{"${ATTRIBUTES.unended}": true}' ELSE attributes END`,
});
