import {
  CHECKPOINT_STATUSES,
  FLOW_STATUSES,
  type Attributes,
  type CheckpointRecord,
  type ErrorInfo,
  type FlowRecord,
} from '@flow-tracking/protocol';
import { z } from 'zod';
import { numberOrNull, object, text, textOrNull, ts, tsOrNull, whole } from '../http/answer-fields';

export const attributes: z.ZodType<Attributes> = z.record(z.string(), z.json());
const errorInfo = object<ErrorInfo>('ErrorInfo', { type: text, message: text });

export const flowRecord = object<FlowRecord>('FlowRecord', {
  flow_id: text,
  session_id: text,
  user_id: textOrNull,
  name: text,
  service: text,
  instance: text,
  status: z.enum(FLOW_STATUSES),
  started_ts: ts,
  ended_ts: tsOrNull,
  duration_ms: numberOrNull,
  http_status: numberOrNull,
  error: errorInfo.nullable(),
  trace_id: textOrNull,
  attributes,
  checkpoint_count: whole,
  error_count: whole,
  input_tokens: numberOrNull,
  output_tokens: numberOrNull,
  last_seq: whole,
});

export const checkpointRecord = object<CheckpointRecord>('CheckpointRecord', {
  flow_id: text,
  node_id: whole,
  parent_id: numberOrNull,
  checkpoint: text,
  status: z.enum(CHECKPOINT_STATUSES),
  started_ts: ts,
  ended_ts: tsOrNull,
  duration_ms: numberOrNull,
  attributes,
  error: errorInfo.nullable(),
  end_seq: numberOrNull,
});
