import { ParseError } from './errors';
import { CHECKPOINT_EVENT_STATUSES, FLOW_END_STATUSES, type FlowEvent } from './events';
import {
  asAttributes,
  asErrorInfo,
  asInteger,
  asNumber,
  asObject,
  asOneOf,
  asText,
  describe,
  type Fields,
} from './fields';
import { flowIdTime, isFlowId } from './flow-id';
import { LIMITS, MAX_TS } from './limits';

const MAX_SEQ = 2 ** 31 - 1;

const id = (value: unknown, field: string): string => asText(value, field, LIMITS.idBytes);
const name = (value: unknown, field: string): string => asText(value, field, LIMITS.nameBytes);
const ts = (value: unknown, field: string): number => asNumber(value, field, 0, MAX_TS);
const sequence = (value: unknown, field: string): number => asInteger(value, field, 0, MAX_SEQ);
const durationMs = (value: unknown, field: string): number => asNumber(value, field, 0, MAX_TS);
const httpStatus = (value: unknown, field: string): number => asInteger(value, field, 100, 999);
const attributes = (value: unknown, field: string) => asAttributes(value, field, LIMITS.attributes);

/** The event itself is made right where that needs no copy. */
type MutableFields = Record<string, unknown>;
type Check = (value: unknown, field: string) => unknown;

/** A field that may be absent may be null instead; that is made undefined, so that there is one way to ask. */
function checkOptional(fields: MutableFields, field: string, check: Check): void {
  const value = fields[field];
  if (value === null) fields[field] = undefined;
  else if (value !== undefined) check(value, field);
}

function checkNode(fields: MutableFields): void {
  sequence(fields['node_id'], 'node_id');
  const parentId = fields['parent_id'];
  if (parentId === undefined) fields['parent_id'] = null;
  else if (parentId !== null) sequence(parentId, 'parent_id');
  name(fields['checkpoint'], 'checkpoint');
  checkOptional(fields, 'attributes', attributes);
  checkOptional(fields, 'error', asErrorInfo);
}

const END_STATUSES = ['ok', 'error'] as const;

/**
 * Checks one event that came over the wire, without making another: what it does not know stays.
 *
 * @throws {ParseError} `unknown_type` or `invalid_field`
 */
export function checkEvent(value: unknown): asserts value is FlowEvent {
  const fields: MutableFields = asObject(value, 'event');
  const flowId = fields['flow_id'];
  if (!isFlowId(flowId) || flowIdTime(flowId) > MAX_TS) {
    throw new ParseError('invalid_field', `flow_id: expected a ULID, got ${describe(flowId)}`);
  }
  sequence(fields['seq'], 'seq');
  ts(fields['ts'], 'ts');
  switch (fields['type']) {
    case 'flow_start':
      id(fields['session_id'], 'session_id');
      name(fields['name'], 'name');
      name(fields['service'], 'service');
      name(fields['instance'], 'instance');
      checkOptional(fields, 'user_id', id);
      checkOptional(fields, 'trace_id', id);
      checkOptional(fields, 'attributes', attributes);
      return;
    case 'flow_identified':
      id(fields['user_id'], 'user_id');
      checkOptional(fields, 'session_id', id);
      return;
    case 'checkpoint':
      checkNode(fields);
      asOneOf(fields['status'], 'status', CHECKPOINT_EVENT_STATUSES);
      checkOptional(fields, 'duration_ms', durationMs);
      return;
    case 'checkpoint_end':
      checkNode(fields);
      ts(fields['started_ts'], 'started_ts');
      asOneOf(fields['status'], 'status', END_STATUSES);
      durationMs(fields['duration_ms'], 'duration_ms');
      return;
    case 'flow_end':
      asOneOf(fields['status'], 'status', FLOW_END_STATUSES);
      durationMs(fields['duration_ms'], 'duration_ms');
      checkOptional(fields, 'http_status', httpStatus);
      checkOptional(fields, 'error', asErrorInfo);
      return;
    default:
      throw new ParseError('unknown_type', `type: expected the type of an event, got ${describe(fields['type'])}`);
  }
}

const COMMON = ['type', 'flow_id', 'seq', 'ts'];
const NODE = [...COMMON, 'node_id', 'parent_id', 'checkpoint', 'status', 'duration_ms', 'attributes', 'error'];

/** All fields that an event of each type may have. */
const FIELDS: Record<FlowEvent['type'], readonly string[]> = {
  flow_start: [...COMMON, 'session_id', 'name', 'service', 'instance', 'user_id', 'trace_id', 'attributes'],
  flow_identified: [...COMMON, 'user_id', 'session_id'],
  checkpoint: NODE,
  checkpoint_end: [...NODE, 'started_ts'],
  flow_end: [...COMMON, 'status', 'duration_ms', 'http_status', 'error'],
};

/**
 * Reads one event that came over the wire. Unknown fields are left out.
 *
 * @throws {ParseError} `unknown_type` or `invalid_field`
 */
export function parseEvent(value: unknown): FlowEvent {
  checkEvent(value);
  const known: MutableFields = {};
  for (const field of FIELDS[value.type]) {
    const given = (value as unknown as Fields)[field];
    if (given !== undefined) known[field] = given;
  }
  return known as unknown as FlowEvent;
}
