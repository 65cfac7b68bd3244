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

export interface Redaction {
  /** Undefined: there are no paths to look at. */
  readonly isRedacted: IsRedacted | undefined;
  /** The application's function on attributes. @throws what it throws, and when it is asked from within itself */
  readonly keep: ((attributes: object, name: string) => unknown) | undefined;
  /** The message of an error, as it may leave the process. Never throws. */
  message(info: ErrorInfo, name: string): string;
}

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

function createKeep(redact: Extract<Redact, (...args: never) => unknown>): NonNullable<Redaction['keep']> {
  // Once at a time: a function that records a checkpoint itself would ask itself without end.
  let isAsking = false;
  return (attributes, name) => {
    if (isAsking) throw new Error('redact was called by redact');
    isAsking = true;
    try {
      return redact(attributes as Attributes, name);
    } finally {
      isAsking = false;
    }
  };
}

export function createRedaction(redact: Redact | undefined): Redaction {
  const keep = typeof redact === 'function' ? createKeep(redact) : undefined;
  const isRedacted = typeof redact === 'object' && redact.length > 0 ? createIsRedacted(redact) : undefined;
  return {
    isRedacted,
    keep,
    message({ message }, name) {
      if (isRedacted?.(ERROR_MESSAGE_PATH) === true) return REDACTED;
      if (keep === undefined) return message;
      try {
        const kept = (keep({ [ERROR_MESSAGE_PATH]: message }, name) as Attributes)[ERROR_MESSAGE_PATH];
        return typeof kept === 'string' ? kept.slice(0, MAX_MESSAGE_LENGTH) : REDACTED;
      } catch {
        return REDACTED;
      }
    },
  };
}
