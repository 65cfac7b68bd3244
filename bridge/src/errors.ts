import type { InvalidField } from '@flow-tracking/protocol';

/** Stable codes of everything the bridge refuses or can't do; the same over HTTP, WebSocket and in the log. */
export type BridgeErrorCode =
  | 'invalid_config'
  | 'invalid_request'
  | 'invalid_json'
  | 'unauthorized'
  | 'forbidden'
  | 'origin_refused'
  | 'host_refused'
  | 'not_found'
  | 'method_not_allowed'
  | 'flow_not_found'
  | 'session_not_found'
  | 'payload_too_large'
  | 'rate_limited'
  | 'busy'
  | 'too_many_exports'
  | 'too_many_connections'
  | 'too_many_subscriptions'
  | 'redis_unavailable'
  | 'postgres_unavailable'
  | 'query_timed_out'
  | 'migration_failed'
  | 'port_in_use'
  | 'internal';

/** An error that is meant to be read by who caused it. Decide by `code`, never by `message`. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  /** Seconds after which trying again makes sense, where that is known. */
  readonly retryAfterS: number | undefined;
  /** Of `invalid_request`: every parameter that is wrong. */
  readonly details: InvalidField[] | undefined;

  constructor(
    readonly code: BridgeErrorCode,
    /** HTTP status it is answered with. */
    readonly httpStatus: number,
    message: string,
    options: ErrorOptions & { retryAfterS?: number; details?: InvalidField[] } = {},
  ) {
    super(message, options);
    this.retryAfterS = options.retryAfterS;
    this.details = options.details;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // ioredis speaks of an option instead of what happened.
  return error.name === 'MaxRetriesPerRequestError' ? 'The connection to Redis was lost' : error.message;
}
