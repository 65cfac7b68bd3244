export { ATTRIBUTES } from './attributes';
export { ParseError, type ParseErrorCode } from './errors';
export {
  CHECKPOINT_EVENT_STATUSES,
  CHECKPOINT_STATUSES,
  FLOW_END_STATUSES,
  FLOW_STATUSES,
  type CheckpointEndEvent,
  type CheckpointEvent,
  type CheckpointEventStatus,
  type CheckpointStatus,
  type FlowEndEvent,
  type FlowEndStatus,
  type FlowEvent,
  type FlowIdentifiedEvent,
  type FlowStartEvent,
  type FlowStatus,
} from './events';
export { createFlowIds, flowIdProcess, flowIdTime, isFlowId, isTraceFlow, TRACE_PROCESS, traceFlowId } from './flow-id';
export {
  ALL_USERS,
  parseClientFrame,
  parseServerFrame,
  type ClientFrame,
  type ErrorFrame,
  type EventsFrame,
  type HelloFrame,
  type MonitoringFrame,
  type PingFrame,
  type PongFrame,
  type ServerFrame,
  type SnapshotFrame,
  type SubscribedFrame,
  type SubscribeFrame,
} from './frames';
export {
  AUDIT_ACTIONS,
  CHECK_FLOW,
  CHECK_STATUSES,
  type AuditAction,
  type AuditEntry,
  type AuditPage,
  type Check,
  type CheckList,
  type CheckStatus,
  type ExportedFlow,
  type FlowDetail,
  type FlowExport,
  type FlowPage,
  type HttpError,
  type InvalidField,
  type MonitoringDisabled,
  type MonitoringEnabled,
  type MonitoringGrant,
  type MonitoringList,
  type OpenCheckpoint,
  type RunningFlow,
  type RunningFlows,
  type ServiceList,
  type SessionDetail,
  type UserErased,
  type UserList,
} from './http';
export {
  HISTOGRAM_MEASURES,
  type CheckpointFigures,
  type CheckpointHistogram,
  type CheckpointList,
  type CheckpointSeries,
  type CheckpointSlot,
  type CheckpointStats,
  type CheckpointSummary,
  type HistogramMeasure,
  type ModelCalls,
  type SlowCheckpoint,
  type SlowCheckpoints,
} from './http-figures';
export { EVENTS_FIELD, redisKeys, type MonitoringChange, type RedisKeys } from './keys';
export { backOffMs, type BackOffRange } from './back-off';
export { LIMITS, MAX_TS } from './limits';
export { checkEvent, parseEvent } from './parse-event';
export {
  CHECKPOINT_RECORD_FIELDS,
  FLOW_RECORD_FIELDS,
  kindOf,
  type CheckpointRecord,
  type FieldKind,
  type FlowRecord,
  type RecordField,
  type RecordFields,
} from './record-fields';
export { providerName } from './provider-name';
export { conventionAttributes } from './convention-attributes';
export {
  checkpointOfSpan,
  SPAN_ATTRIBUTES,
  SPAN_SESSION,
  SPAN_USER,
  spanText,
  toldCheckpoint,
} from './span-checkpoints';
export { endByDeath, endByFlow, type DerivedEnd, type FlowOutcome } from './unended';
export { firstChunkMs, modelsOf, tokensPerSecond, usageOf, type Usage } from './usage';
export type { Attributes, ErrorInfo, JsonValue } from './values';
export {
  parsePollAnswer,
  POLL_MEDIA_TYPE,
  RECORD_END,
  RECORD_SEPARATOR,
  type PollAnswer,
  type PollFrame,
} from './poll';
export { REDIS_POLICY } from './redis-policy';
export { createStreamLength, STREAM_BYTES } from './stream-length';
export { PROTOCOL_VERSION } from './version';
