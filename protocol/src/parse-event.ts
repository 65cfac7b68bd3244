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

interface Field {
  readonly name: string;
  readonly check: Check;
  readonly isRequired: boolean;
  /** What an absent or null one is read as, so that there is one way to ask. */
  readonly absent: undefined | null;
}

const needs = (name: string, check: Check): Field => ({ name, check, isRequired: true, absent: undefined });
const mayHave = (name: string, check: Check, absent: undefined | null = undefined): Field => ({
  name,
  check,
  isRequired: false,
  absent,
});
const oneOf =
  (values: readonly string[]): Check =>
  (value, field) =>
    asOneOf(value, field, values);

const NODE = [
  needs('node_id', sequence),
  mayHave('parent_id', sequence, null),
  needs('checkpoint', name),
  mayHave('attributes', attributes),
  mayHave('error', asErrorInfo),
];

/** What an event of each type has beside the fields that all have. */
const EVENT_FIELDS: Readonly<Record<FlowEvent['type'], readonly Field[]>> = {
  flow_start: [
    needs('session_id', id),
    needs('name', name),
    needs('service', name),
    needs('instance', name),
    mayHave('user_id', id),
    mayHave('trace_id', id),
    mayHave('attributes', attributes),
  ],
  flow_identified: [
    mayHave('user_id', id),
    mayHave('session_id', id),
    mayHave('name', name),
    mayHave('started_ts', ts),
  ],
  checkpoint: [...NODE, needs('status', oneOf(CHECKPOINT_EVENT_STATUSES)), mayHave('duration_ms', durationMs)],
  checkpoint_end: [
    ...NODE,
    needs('started_ts', ts),
    needs('status', oneOf(['ok', 'error'])),
    needs('duration_ms', durationMs),
  ],
  flow_end: [
    needs('status', oneOf(FLOW_END_STATUSES)),
    needs('duration_ms', durationMs),
    mayHave('http_status', httpStatus),
    mayHave('error', asErrorInfo),
  ],
};

/** @throws {ParseError} `unknown_type` */
function fieldsOf(type: unknown): readonly Field[] {
  if (typeof type === 'string' && Object.hasOwn(EVENT_FIELDS, type)) return EVENT_FIELDS[type as FlowEvent['type']];
  throw new ParseError('unknown_type', `type: expected the type of an event, got ${describe(type)}`);
}

/** @throws {ParseError} `invalid_field` */
function checkIdentified({ user_id: userId, session_id: sessionId, name, started_ts: startedTs }: Fields): void {
  if (userId === undefined && sessionId === undefined && name === undefined) {
    throw new ParseError('invalid_field', 'user_id: expected one of user_id, session_id and name, got none');
  }
  if ((name === undefined) !== (startedTs === undefined)) {
    throw new ParseError('invalid_field', `started_ts: expected with a name, and only so, got ${describe(startedTs)}`);
  }
}

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
  for (const { name, check, isRequired, absent } of fieldsOf(fields['type'])) {
    const given = fields[name];
    if (isRequired || (given !== undefined && given !== null)) check(given, name);
    else if (given !== absent) fields[name] = absent;
  }
  if (fields['type'] === 'flow_identified') checkIdentified(fields);
}

/**
 * Reads one event that came over the wire. Unknown fields are left out.
 *
 * @throws {ParseError} `unknown_type` or `invalid_field`
 */
export function parseEvent(value: unknown): FlowEvent {
  checkEvent(value);
  const { type, flow_id, seq, ts } = value;
  const known: MutableFields = { type, flow_id, seq, ts };
  for (const { name } of fieldsOf(type)) {
    const given = (value as unknown as Fields)[name];
    if (given !== undefined) known[name] = given;
  }
  return known as unknown as FlowEvent;
}
