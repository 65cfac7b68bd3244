import { errorInfo } from '../errors';

/** The part of pino's interface that is used here. Pino, bunyan and pino-like wrappers of winston fit. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** As in pino: false saves the work for lines that nobody writes. Without it, every level counts as on. */
  isLevelEnabled?(level: string): boolean;
}

/** From the most to the least that is logged. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Write = (fields: object, message: string) => void;

const withLevels = (write: (level: Exclude<LogLevel, 'silent'>) => Write): Logger => ({
  debug: write('debug'),
  info: write('info'),
  warn: write('warn'),
  error: write('error'),
});

/** Writes messages of this level and above to the console. */
export function createConsoleLogger(level: LogLevel): Logger {
  const isLevelEnabled = (name: string): boolean => LOG_LEVELS.indexOf(name as LogLevel) >= LOG_LEVELS.indexOf(level);
  const write = withLevels((name) => (fields, message) => {
    if (isLevelEnabled(name)) console[name](`[flow-tracking] ${message}`, fields);
  });
  return { ...write, isLevelEnabled };
}

/** Passes messages on to a logger until it is shut. */
export function createGate(logger: Logger): { readonly logger: Logger; readonly shut: () => void } {
  let isShut = false;
  const gated = withLevels((level) => (fields, message) => {
    if (!isShut) logger[level](fields, message);
  });
  if (logger.isLevelEnabled !== undefined) {
    gated.isLevelEnabled = (level) => !isShut && logger.isLevelEnabled?.(level) === true;
  }
  return { logger: gated, shut: () => void (isShut = true) };
}

const WARNING_INTERVAL_MS = 60_000;

/** Warns at most once a minute per code, and then says how often it happened. */
export type Warn = (
  code: string,
  message: string,
  fields?: { readonly error?: unknown; [name: string]: unknown },
) => void;

/** @param nowMs any clock that moves forward, in ms */
export function createWarn(logger: Logger, nowMs: () => number = Date.now): Warn {
  const seen = new Map<string, { nextMs: number; suppressed: number }>();
  return (code, message, fields) => {
    const entry = seen.get(code) ?? { nextMs: 0, suppressed: 0 };
    seen.set(code, entry);
    if (nowMs() < entry.nextMs) {
      entry.suppressed += 1;
      return;
    }
    // An error of ioredis holds its command: a whole batch of users' data, or the password of AUTH.
    const told = fields?.error === undefined ? fields : { ...fields, error: errorInfo(fields.error) };
    try {
      logger.warn({ code, suppressed: entry.suppressed, ...told }, message);
    } catch {
      // A logger that throws must not hurt the request that happened to log.
    }
    entry.nextMs = nowMs() + WARNING_INTERVAL_MS;
    entry.suppressed = 0;
  };
}
