import {
  AUDIT_ACTIONS,
  CHECK_STATUSES,
  CHECKPOINT_STATUSES,
  FLOW_STATUSES,
  type Attributes,
  type AuditEntry,
  type AuditPage,
  HISTOGRAM_MEASURES,
  type Check,
  type CheckList,
  type CheckpointFigures,
  type CheckpointHistogram,
  type CheckpointList,
  type CheckpointRecord,
  type CheckpointSeries,
  type CheckpointSlot,
  type CheckpointStats,
  type CheckpointSummary,
  type ErrorInfo,
  type ExportedFlow,
  type FlowDetail,
  type FlowExport,
  type FlowPage,
  type FlowRecord,
  type HttpError,
  type InvalidField,
  type MonitoringDisabled,
  type MonitoringEnabled,
  type MonitoringGrant,
  type ModelCalls,
  type MonitoringList,
  type OpenCheckpoint,
  type RunningFlow,
  type RunningFlows,
  type ServiceList,
  type SessionDetail,
  type SlowCheckpoint,
  type SlowCheckpoints,
  type UserErased,
  type UserList,
} from '@flow-tracking/protocol';
import { z } from 'zod';

/**
 * An object with exactly the fields of the protocol's type `T`; the compiler refuses one too many or too few. `name` is
 * what the OpenAPI document calls it.
 */
const object = <T>(name: string, shape: { [K in keyof T]-?: z.ZodType<T[K]> }) =>
  z.strictObject(shape).meta({ id: name });

const text = z.string();
const textOrNull = z.string().nullable();
const number = z.number();
const numberOrNull = z.number().nullable();
const whole = z.int().min(0);
const ts = z.number().meta({ description: 'Epoch milliseconds with a µs fraction' });
const tsOrNull = ts.nullable();
const nextCursor = textOrNull.meta({ description: 'Give it back as `cursor` for what follows; null: nothing does' });

const attributes: z.ZodType<Attributes> = z.record(z.string(), z.json());
const errorInfo = object<ErrorInfo>('ErrorInfo', { type: text, message: text });

const flowRecord = object<FlowRecord>('FlowRecord', {
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

const checkpointRecord = object<CheckpointRecord>('CheckpointRecord', {
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

export const flowPage = object<FlowPage>('FlowPage', { flows: z.array(flowRecord), next_cursor: nextCursor });

export const sessionDetail = object<SessionDetail>('SessionDetail', {
  session_id: text,
  flows: z.array(flowRecord),
  checkpoints: z.array(checkpointRecord),
  next_cursor: nextCursor,
});

export const flowDetail = object<FlowDetail>('FlowDetail', {
  flow: flowRecord,
  checkpoints: z.array(checkpointRecord),
  next_cursor: nextCursor,
});

export const exportedFlow = object<ExportedFlow>('ExportedFlow', {
  flow: flowRecord,
  checkpoints: z.array(checkpointRecord),
});

export const flowExport = object<FlowExport>('FlowExport', { flows: z.array(exportedFlow) });

const openCheckpoint = object<OpenCheckpoint>('OpenCheckpoint', {
  node_id: whole,
  parent_id: numberOrNull,
  checkpoint: text,
  started_ts: ts,
  attributes,
});

export const runningFlows = object<RunningFlows>('RunningFlows', {
  now_ts: ts,
  flows: z.array(
    object<RunningFlow>('RunningFlow', {
      flow: flowRecord,
      open: z.array(openCheckpoint).meta({ description: 'What it waits for, the longest first; at most five' }),
      open_count: whole,
    }),
  ),
  has_more: z.boolean(),
});

const modelCalls = object<ModelCalls>('ModelCalls', {
  model: text.meta({ description: 'Empty: none was told, or it is not among the 50 with most tokens' }),
  count: whole,
  input_tokens: number,
  cached_input_tokens: number,
  output_tokens: number,
});

const figures: { [K in keyof CheckpointFigures]: z.ZodType<CheckpointFigures[K]> } = {
  count: whole,
  rate: number.meta({ description: 'A second, over the part of the span that has passed' }),
  errors: whole,
  error_rate: z.number().min(0).max(1),
  p50_ms: numberOrNull,
  p95_ms: numberOrNull,
  p99_ms: numberOrNull,
  mean_ms: numberOrNull,
  input_tokens: whole,
  output_tokens: whole,
  first_chunk_p50_ms: numberOrNull,
  first_chunk_p95_ms: numberOrNull,
  first_chunk_p99_ms: numberOrNull,
  models: z.array(modelCalls),
};

const checkpointSeries = object<CheckpointSeries>('CheckpointSeries', {
  checkpoint: text,
  total: object<CheckpointFigures>('CheckpointFigures', figures),
  slots: z.array(object<CheckpointSlot>('CheckpointSlot', { ts, ...figures })),
});

export const checkpointStats = object<CheckpointStats>('CheckpointStats', {
  from_ts: ts,
  to_ts: ts,
  interval_s: whole,
  checkpoints: z.array(checkpointSeries),
  has_more: z.boolean(),
});

export const checkpointSummary = object<CheckpointSummary>('CheckpointSummary', {
  from_ts: ts,
  to_ts: ts,
  checkpoints: z.array(z.strictObject({ checkpoint: text, ...figures })),
  has_more: z.boolean(),
});

export const checkpointHistogram = object<CheckpointHistogram>('CheckpointHistogram', {
  from_ts: ts,
  to_ts: ts,
  interval_s: whole,
  of: z.enum(HISTOGRAM_MEASURES),
  bounds_ms: z.array(number).meta({ description: 'Bucket i is from bound i up to bound i + 1' }),
  slots: z.array(z.strictObject({ ts, counts: z.array(whole) })),
  has_more: z.boolean(),
});

export const slowCheckpoints = object<SlowCheckpoints>('SlowCheckpoints', {
  checkpoints: z.array(
    object<SlowCheckpoint>('SlowCheckpoint', {
      flow_id: text,
      session_id: text,
      user_id: textOrNull,
      service: text,
      node_id: whole,
      checkpoint: text,
      status: z.enum(CHECKPOINT_STATUSES),
      started_ts: ts,
      duration_ms: number,
      limit_ms: number.meta({ description: 'What it is slower than' }),
    }),
  ),
  looked_back_to_ts: tsOrNull.meta({ description: 'Flows before it were not looked at; null: all were' }),
  has_more: z.boolean(),
});

export const checkpointList = object<CheckpointList>('CheckpointList', {
  checkpoints: z.array(z.strictObject({ checkpoint: text, count: whole, errors: whole })),
  has_more: z.boolean(),
});

export const userList = object<UserList>('UserList', {
  users: z.array(z.strictObject({ user_id: text, last_flow_ts: ts, flow_count: whole })),
  has_more: z.boolean(),
});

export const serviceList = object<ServiceList>('ServiceList', {
  services: z.array(z.strictObject({ service: text, last_flow_ts: ts })),
  has_more: z.boolean(),
});

export const userErased = object<UserErased>('UserErased', {
  user_id: text,
  flows: whole,
  checkpoints: whole,
  monitoring_disabled: z.boolean(),
  pending: z.boolean().meta({ description: 'True: the rest is erased once the streams are written' }),
});

const monitoringGrant = object<MonitoringGrant>('MonitoringGrant', {
  user_id: text,
  enabled_ts: ts,
  expires_ts: ts,
  enabled_by: textOrNull,
  reason: textOrNull,
});

export const monitoringEnabled = object<MonitoringEnabled>('MonitoringEnabled', { grant: monitoringGrant });
export const monitoringDisabled = object<MonitoringDisabled>('MonitoringDisabled', {
  user_id: text,
  disabled: z.boolean(),
});
export const monitoringList = object<MonitoringList>('MonitoringList', { grants: z.array(monitoringGrant) });

const auditEntry = object<AuditEntry>('AuditEntry', {
  id: whole,
  ts,
  action: z.enum(AUDIT_ACTIONS),
  user_id: text,
  actor: textOrNull,
  expires_ts: tsOrNull,
  reason: textOrNull,
});

export const auditPage = object<AuditPage>('AuditPage', { entries: z.array(auditEntry), next_cursor: nextCursor });

const check = object<Check>('Check', {
  id: text,
  title: text,
  status: z.enum(CHECK_STATUSES),
  detail: text,
  fix: textOrNull.meta({ description: 'What to do; null when there is nothing to do' }),
});

export const checkList = object<CheckList>('CheckList', {
  checks: z.array(check),
  flow_id: textOrNull.meta({ description: 'With `keep_flow`, the flow that was sent' }),
});

export const health = z
  .strictObject({
    status: z.literal('ok'),
    protocol: z.int().meta({ description: 'Version of the protocol that the bridge speaks' }),
  })
  .meta({ id: 'Health' });
export const readiness = z
  .strictObject({ status: z.enum(['ok', 'unavailable', 'stopping']), checks: z.record(z.string(), z.string()) })
  .meta({ id: 'Readiness', description: 'Of each part: ok, or why not' });

export const openApiDocument = z.looseObject({ openapi: z.string() });

const invalidField = object<InvalidField>('InvalidField', { field: text, expected: text, got: textOrNull });

export const httpError = z
  .strictObject({
    error: z.strictObject({ code: text, message: text, details: z.array(invalidField).exactOptional() }),
  } satisfies { [K in keyof HttpError]: z.ZodType<HttpError[K]> })
  .meta({ id: 'HttpError', description: 'Decide by code, never by message' });
