import { ParseError } from './errors';
import type { FlowEvent } from './events';
import { asArray, asNumber, asObject, asText, asBoolean, describe, optional } from './fields';
import type { CheckpointRecord, FlowRecord } from './record-fields';
import { LIMITS } from './limits';
import { parseEvent } from './parse-event';

/** Stands for every monitored user in a `subscribe` frame. */
export const ALL_USERS = '*';

/** The first frame on every connection. */
export interface HelloFrame {
  type: 'hello';
  /** {@link PROTOCOL_VERSION} of the bridge. */
  protocol: number;
  /** Which bridge. */
  instance: string;
  /** The bridge's clock when it said hello, epoch ms. Older bridges do not tell it. */
  now_ts?: number;
}

/** All users that this connection is subscribed to, after each change. */
export interface SubscribedFrame {
  type: 'subscribed';
  users: string[];
}

/** A user's running and latest flows, from history: before the first live frame, and after a gap. */
export interface SnapshotFrame {
  type: 'snapshot';
  user_id: string;
  flows: FlowRecord[];
  checkpoints: CheckpointRecord[];
  /** Ids of flows whose checkpoints are not all here, as they are too large: ask history for those. */
  truncated?: string[];
}

/** Events as they happen. Its bytes are those that the middleware published. */
export interface EventsFrame {
  type: 'events';
  user_id: string;
  events: FlowEvent[];
}

/** A grant changed; also sent for each user right after `subscribed`. */
export interface MonitoringFrame {
  type: 'monitoring';
  user_id: string;
  enabled: boolean;
  /** Epoch ms; null when not enabled. */
  expires_ts: number | null;
}

export interface PongFrame {
  type: 'pong';
}

export interface ErrorFrame {
  type: 'error';
  /** Stable, snake_case. */
  code: string;
  message: string;
}

export type ServerFrame =
  HelloFrame | SubscribedFrame | SnapshotFrame | EventsFrame | MonitoringFrame | PongFrame | ErrorFrame;

export interface SubscribeFrame {
  type: 'subscribe' | 'unsubscribe';
  /** User ids, or `"*"`. */
  users: string[];
}

export interface PingFrame {
  type: 'ping';
}

export type ClientFrame = SubscribeFrame | PingFrame;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParseError('invalid_json', `frame: expected JSON, got ${describe(text)} (${String(cause)})`);
  }
}

/**
 * Parses a frame that a WebSocket client sent.
 *
 * @throws {ParseError}
 */
export function parseClientFrame(text: string): ClientFrame {
  const fields = asObject(parseJson(text), 'frame');
  const type = fields['type'];
  if (type === 'ping') return { type };
  if (type === 'subscribe' || type === 'unsubscribe') {
    const users = asArray(fields['users'], 'users');
    return { type, users: users.map((user, i) => asText(user, `users[${i}]`, LIMITS.idBytes)) };
  }
  throw new ParseError('unknown_type', `type: expected subscribe, unsubscribe or ping, got ${describe(type)}`);
}

/**
 * Parses a frame that a bridge sent. Events that do not pass are left out and counted by `onBadEvent`, so that one of
 * them does not cost its neighbours. Records of a snapshot come from the bridge's own database and are taken as typed.
 *
 * @throws {ParseError} `unknown_type` for a frame of a newer protocol: ignore it
 */
export function parseServerFrame(text: string, onBadEvent: (error: unknown) => void = () => undefined): ServerFrame {
  const fields = asObject(parseJson(text), 'frame');
  const userId = () => asText(fields['user_id'], 'user_id', LIMITS.idBytes);
  switch (fields['type']) {
    case 'hello': {
      const nowTs = optional(fields['now_ts'], (value) => asNumber(value, 'now_ts', 0, Number.MAX_SAFE_INTEGER));
      return {
        type: 'hello',
        protocol: asNumber(fields['protocol'], 'protocol', 0, Number.MAX_SAFE_INTEGER),
        instance: String(fields['instance']),
        ...(nowTs !== undefined && { now_ts: nowTs }),
      };
    }
    case 'subscribed':
      return { type: 'subscribed', users: asArray(fields['users'], 'users').map(String) };
    case 'snapshot':
      return {
        type: 'snapshot',
        user_id: userId(),
        flows: asArray(fields['flows'], 'flows') as FlowRecord[],
        checkpoints: asArray(fields['checkpoints'], 'checkpoints') as CheckpointRecord[],
        ...(fields['truncated'] !== undefined && { truncated: asArray(fields['truncated'], 'truncated').map(String) }),
      };
    case 'events': {
      const events: FlowEvent[] = [];
      for (const event of asArray(fields['events'], 'events')) {
        try {
          events.push(parseEvent(event));
        } catch (error) {
          onBadEvent(error);
        }
      }
      return { type: 'events', user_id: userId(), events };
    }
    case 'monitoring':
      return {
        type: 'monitoring',
        user_id: userId(),
        enabled: asBoolean(fields['enabled'], 'enabled'),
        expires_ts:
          optional(fields['expires_ts'], (value) => asNumber(value, 'expires_ts', 0, Number.MAX_SAFE_INTEGER)) ?? null,
      };
    case 'pong':
      return { type: 'pong' };
    case 'error':
      return { type: 'error', code: String(fields['code']), message: String(fields['message']) };
    default:
      throw new ParseError(
        'unknown_type',
        `type: expected the type of a server frame, got ${describe(fields['type'])}`,
      );
  }
}
