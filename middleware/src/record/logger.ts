import { errorInfo } from '../errors';

/** The part of pino's interface that is used here; pino, bunyan and winston's pino-like wrappers fit. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** As pino has it: false spares the work for lines that would go nowhere. Without it every level is taken to be on. */
  isLevelEnabled?(level: string): boolean;
}

/** From the most to the least that is told. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes to the console what is of this level and above. */
export function createConsoleLogger(level: LogLevel): Logger {
  const isEnabled = (name: LogLevel): boolean => LOG_LEVELS.indexOf(name) >= LOG_LEVELS.indexOf(level);
  const write =
    (name: Exclude<LogLevel, 'silent'>) =>
    (fields: object, message: string): void => {
      if (isEnabled(name)) console[name](`[flow-tracking] ${message}`, fields);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isLevelEnabled: (name) => isEnabled(name as LogLevel),
  };
}

/** A logger that can be told to be silent from then on. */
export interface Gate {
  readonly logger: Logger;
  readonly shut: () => void;
}

export function createGate(logger: Logger): Gate {
  let isShut = false;
  const pass =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      if (!isShut) logger[level](fields, message);
    };
  const gated: Logger = { debug: pass('debug'), info: pass('info'), warn: pass('warn'), error: pass('error') };
  if (logger.isLevelEnabled !== undefined) {
    gated.isLevelEnabled = (level) => !isShut && logger.isLevelEnabled?.(level) === true;
  }
  return {
    logger: gated,
    shut() {
      isShut = true;
    },
  };
}

const WARNING_INTERVAL_MS = 60_000;

/** Warns once a minute per code at most, and then says how often it happened. */
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
    // An error of ioredis carries its command, and with it a whole batch of users' data, or the password of AUTH.
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
