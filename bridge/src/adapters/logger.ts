import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/** Makes the root logger; each component takes a child of it that carries its name. */
export function createLogger(level: string, format: 'json' | 'pretty'): Logger {
  if (format === 'json') return pino({ level });
  const stream = pretty({ messageFormat: '[{component}] {msg}', ignore: 'pid,hostname,component', sync: true });
  return pino({ level }, stream);
}
