import type { Attributes } from '@flow-tracking/protocol';

/**
 * What must not leave the process. Key paths (`prompt`, `user.email`, `messages.*.content`; `*` stands for one key or
 * index), or a function that returns the attributes to keep. A function also gets error messages, as the attribute
 * `error.message`; when it throws, nothing of what it was asked about is kept.
 */
export type Redact = readonly string[] | ((attributes: Readonly<Record<string, unknown>>, name: string) => Attributes);

/** What stands in place of a redacted value. */
export const REDACTED = '[redacted]';

/** The attribute name under which error messages are redacted. */
export const ERROR_MESSAGE_PATH = 'error.message';

/** True when the value at that joined path is to be replaced. */
export type IsRedacted = (path: string) => boolean;

function toPattern(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^.]+');
  return new RegExp(`^${escaped}$`);
}

/** Joined paths are compared, so `user.email` means both `{user: {email}}` and `{'user.email'}`. */
export function createIsRedacted(paths: readonly string[]): IsRedacted {
  const exact = new Set(paths.filter((path) => !path.includes('*')));
  const patterns = paths.filter((path) => path.includes('*')).map(toPattern);
  return (path) => exact.has(path) || patterns.some((pattern) => pattern.test(path));
}
