import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { createLogLimit } from './log-limit';
import { printable } from './printable';

export type { Logger } from 'pino';

const LIMIT_PERIOD_MS = 60_000;
const WARN = 40;
/** Never logged, wherever it stands in what is logged. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'attributes'];

/**
 * What an error tells, and no more: Redis' errors carry the command with its arguments, Postgres' the row that failed,
 * and with them passwords and what users sent.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Object)) return error;
  const { name, code, message, stack, cause } = error as Error & { code?: unknown };
  const calls = String(stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    message: printable(String(message)),
    stack: [`${name}: ${printable(String(message))}`, ...calls].join('\n'),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

function cleanField(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  return Array.isArray(value) ? value.map(cleanField) : value;
}

/**
 * What is told at most once a minute: the same message, of the same component, for the same reason, about the same flow or
 * partition.
 */
function causeOf(logger: Logger, fields: object, message: string): string {
  const { err, ...own } = fields as { err?: { name?: string; code?: string } } & Record<string, unknown>;
  const { component, partition } = { ...logger.bindings(), ...own } as Record<string, unknown>;
  return [component, message, err?.name, err?.code, own['code'], own['flow'], partition].join('\n');
}

/**
 * Makes the root logger; each component takes a child of it that carries its name. Of warnings and errors, each cause is
 * told once a minute.
 */
export function createLogger(
  level: string,
  format: 'json' | 'pretty',
  destination: DestinationStream = pino.destination(1),
): Logger {
  const mayTell = createLogLimit(LIMIT_PERIOD_MS);
  const options: LoggerOptions = {
    level,
    serializers: { err: describeError },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    formatters: {
      log: (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanField(value)])),
    },
    hooks: {
      logMethod(args: unknown[], method, severity) {
        const [fields, message] = typeof args[0] === 'object' ? args : [{}, args[0]];
        const text = printable(String(message));
        const untold = severity < WARN ? 0 : mayTell(causeOf(this, fields as object, text));
        if (untold === undefined) return;
        method.call(this, untold === 0 ? fields : { ...(fields as object), untold }, text);
      },
    },
  };
  if (format === 'json') return pino(options, destination);
  const prettify = prettyFactory({ messageFormat: '[{component}] {msg}', ignore: 'pid,hostname,component' });
  return pino(options, { write: (line) => destination.write(prettify(line)) });
}
