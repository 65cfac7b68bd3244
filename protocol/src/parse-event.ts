import { ParseError } from './errors';
import { CHECKPOINT_STATUSES, FLOW_END_STATUSES, type FlowEvent } from './events';
import {
  asAttributes,
  asErrorInfo,
  asInteger,
  asNumber,
  asObject,
  asOneOf,
  asText,
  compact,
  describe,
  optional,
  type Fields,
} from './fields';
import { flowIdTime, isFlowId } from './flow-id';
import { LIMITS } from './limits';

const MAX_SEQ = 2 ** 31 - 1;
/** The year 9999, in epoch ms: what Postgres and Date both hold. */
const MAX_TS = 253_402_300_799_999;

const id = (value: unknown, field: string): string => asText(value, field, LIMITS.idBytes);
const name = (value: unknown, field: string): string => asText(value, field, LIMITS.nameBytes);
const ts = (value: unknown, field: string): number => asNumber(value, field, 0, MAX_TS);
const durationMs = (value: unknown): number => asNumber(value, 'duration_ms', 0, MAX_TS);
const attributes = (value: unknown) => asAttributes(value, 'attributes', LIMITS.attributes);
const error = (value: unknown) => asErrorInfo(value, 'error');

function parseNode(fields: Fields) {
  const nodeId = asInteger(fields['node_id'], 'node_id', 0, MAX_SEQ);
  const parentId = optional(fields['parent_id'], (value) => asInteger(value, 'parent_id', 0, MAX_SEQ)) ?? null;
  return { node_id: nodeId, parent_id: parentId, checkpoint: name(fields['checkpoint'], 'checkpoint') };
}

/**
 * Checks one event that came over the wire. Unknown fields are left out.
 *
 * @throws {ParseError} `unknown_type` or `invalid_field`
 */
export function parseEvent(value: unknown): FlowEvent {
  const fields = asObject(value, 'event');
  const flowId = fields['flow_id'];
  if (!isFlowId(flowId) || flowIdTime(flowId) > MAX_TS) {
    throw new ParseError('invalid_field', `flow_id: expected a ULID, got ${describe(flowId)}`);
  }
  const base = {
    flow_id: flowId,
    seq: asInteger(fields['seq'], 'seq', 0, MAX_SEQ),
    ts: ts(fields['ts'], 'ts'),
  };
  switch (fields['type']) {
    case 'flow_start':
      return compact({
        ...base,
        type: 'flow_start',
        session_id: id(fields['session_id'], 'session_id'),
        name: name(fields['name'], 'name'),
        service: name(fields['service'], 'service'),
        instance: name(fields['instance'], 'instance'),
        user_id: optional(fields['user_id'], (value) => id(value, 'user_id')),
        trace_id: optional(fields['trace_id'], (value) => id(value, 'trace_id')),
        attributes: optional(fields['attributes'], attributes),
      });
    case 'flow_identified':
      return compact({
        ...base,
        type: 'flow_identified',
        user_id: id(fields['user_id'], 'user_id'),
        session_id: optional(fields['session_id'], (value) => id(value, 'session_id')),
      });
    case 'checkpoint':
      return compact({
        ...base,
        type: 'checkpoint',
        ...parseNode(fields),
        status: asOneOf(fields['status'], 'status', CHECKPOINT_STATUSES),
        duration_ms: optional(fields['duration_ms'], durationMs),
        attributes: optional(fields['attributes'], attributes),
        error: optional(fields['error'], error),
      });
    case 'checkpoint_end':
      return compact({
        ...base,
        type: 'checkpoint_end',
        ...parseNode(fields),
        started_ts: ts(fields['started_ts'], 'started_ts'),
        status: asOneOf(fields['status'], 'status', ['ok', 'error'] as const),
        duration_ms: durationMs(fields['duration_ms']),
        attributes: optional(fields['attributes'], attributes),
        error: optional(fields['error'], error),
      });
    case 'flow_end':
      return compact({
        ...base,
        type: 'flow_end',
        status: asOneOf(fields['status'], 'status', FLOW_END_STATUSES),
        duration_ms: durationMs(fields['duration_ms']),
        http_status: optional(fields['http_status'], (value) => asInteger(value, 'http_status', 100, 999)),
        error: optional(fields['error'], error),
      });
    default:
      throw new ParseError('unknown_type', `type: expected the type of an event, got ${describe(fields['type'])}`);
  }
}
