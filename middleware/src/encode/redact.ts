import type { Attributes, ErrorInfo } from '@flow-tracking/protocol';
import { MAX_MESSAGE_LENGTH } from '../errors';

/**
 * What must not leave the process. Key paths (`prompt`, `user.email`, `messages.*.content`; `*` stands for one key or
 * index), or a function that returns the attributes to keep. A function also gets error messages, as the attribute
 * `error.message`; when it throws, nothing of what it was asked about is kept.
 */
export type Redact = readonly string[] | ((attributes: Readonly<Record<string, unknown>>, name: string) => Attributes);

/** What stands in place of a redacted value. */
export const REDACTED = '[redacted]';

/** The attribute name under which error messages are redacted. */
const ERROR_MESSAGE_PATH = 'error.message';

/** True when the value at that joined path is to be replaced. */
export type IsRedacted = (path: string) => boolean;

function toPattern(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^.]+');
  return new RegExp(`^${escaped}$`);
}

/** Joined paths are compared, so `user.email` means both `{user: {email}}` and `{'user.email'}`. */
function createIsRedacted(paths: readonly string[]): IsRedacted {
  const exact = new Set(paths.filter((path) => !path.includes('*')));
  const patterns = paths.filter((path) => path.includes('*')).map(toPattern);
  return (path) => exact.has(path) || patterns.some((pattern) => pattern.test(path));
}

/** @throws what the application's function throws, and when it is called from within itself */
function createKeep(redact: Extract<Redact, (...args: never) => unknown>) {
  // Called once at a time: a function that records a checkpoint would call itself without end.
  let isAsking = false;
  return (attributes: object, name: string): unknown => {
    if (isAsking) throw new Error('redact was called by redact');
    isAsking = true;
    try {
      return redact(attributes as Attributes, name);
    } finally {
      isAsking = false;
    }
  };
}

/** Turns the option into functions. Those it does not need are undefined; `message` never throws. */
export function createRedaction(redact: Redact | undefined) {
  const keep = typeof redact === 'function' ? createKeep(redact) : undefined;
  const isRedacted = typeof redact === 'object' && redact.length > 0 ? createIsRedacted(redact) : undefined;
  /** The message of an error, as it may leave the process. */
  const message = (info: ErrorInfo, name: string): string => {
    if (isRedacted?.(ERROR_MESSAGE_PATH) === true) return REDACTED;
    if (keep === undefined) return info.message;
    try {
      const kept = (keep({ [ERROR_MESSAGE_PATH]: info.message }, name) as Attributes)[ERROR_MESSAGE_PATH];
      return typeof kept === 'string' ? kept.slice(0, MAX_MESSAGE_LENGTH) : REDACTED;
    } catch {
      return REDACTED;
    }
  };
  return { isRedacted, keep, message };
}
