import type { Logger } from './logger';

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
