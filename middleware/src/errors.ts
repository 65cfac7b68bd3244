import type { ErrorInfo } from '@flow-tracking/protocol';
import { cleanText } from './encode/text';

const MAX_TYPE_LENGTH = 128;
/** Characters of an error's message that are kept. */
export const MAX_MESSAGE_LENGTH = 1024;

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function className(error: object): string | undefined {
  const name = nonEmpty(read(error, 'name'));
  if (name !== undefined && name !== 'Error') return name;
  const constructor = read(error, 'constructor');
  return (typeof constructor === 'function' ? nonEmpty(constructor.name) : undefined) ?? name;
}

function cut(text: string, maxLength: number): string {
  return cleanText(text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`);
}

/** Describes anything that can be thrown. It never throws, whatever the value's getters do. */
export function errorInfo(error: unknown): ErrorInfo {
  if (typeof error === 'object' && error !== null) {
    const type = nonEmpty(read(error, 'code')) ?? className(error) ?? 'Error';
    const message = nonEmpty(read(error, 'message')) ?? '';
    return { type: cut(type, MAX_TYPE_LENGTH), message: cut(message, MAX_MESSAGE_LENGTH) };
  }
  let message = '';
  if (typeof error === 'string') message = error;
  else if (typeof error === 'symbol' || typeof error === 'number' || typeof error === 'bigint') message = String(error);
  return { type: 'Error', message: cut(message, MAX_MESSAGE_LENGTH) };
}

/** Errors that Node, body parsers and abort signals throw when the client has left. */
const LOST_CONNECTION: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ABORT_ERR',
  'AbortError',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Whether a lost connection may have caused the error. It does not tell which connection. */
export function isLostConnection(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return LOST_CONNECTION.has(read(error, 'code')) || LOST_CONNECTION.has(read(error, 'name'));
}

/** Stable codes of what this package throws. Decide by code, never by message. */
export type FlowTrackingErrorCode = 'invalid_option' | 'unsupported_client';

/**
 * Thrown by `flowTracking()` at the start of the application, for options that can't work. Nothing in this package throws after
 * that.
 */
export class FlowTrackingError extends Error {
  override readonly name = 'FlowTrackingError';
  constructor(
    readonly code: FlowTrackingErrorCode,
    message: string,
  ) {
    super(message);
  }
}
