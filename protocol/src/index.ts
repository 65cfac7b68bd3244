export { ATTRIBUTES } from './attributes';
export { ParseError, type ParseErrorCode } from './errors';
export {
  CHECKPOINT_STATUSES,
  FLOW_END_STATUSES,
  FLOW_STATUSES,
  type CheckpointEndEvent,
  type CheckpointEvent,
  type CheckpointStatus,
  type FlowEndEvent,
  type FlowEndStatus,
  type FlowEvent,
  type FlowIdentifiedEvent,
  type FlowStartEvent,
  type FlowStatus,
} from './events';
export { createFlowIds, flowIdProcess, flowIdTime, isFlowId } from './flow-id';
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
export type {
  CheckpointRecord,
  FlowDetail,
  FlowPage,
  FlowRecord,
  HttpError,
  MonitoringDisabled,
  MonitoringEnabled,
  MonitoringGrant,
  MonitoringList,
  SessionDetail,
  UserList,
} from './http';
export { EVENTS_FIELD, redisKeys, type MonitoringChange, type RedisKeys } from './keys';
export { LIMITS } from './limits';
export { checkEvent, parseEvent } from './parse-event';
export type { Attributes, ErrorInfo, JsonValue } from './values';
export { PROTOCOL_VERSION } from './version';
