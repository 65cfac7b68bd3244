import { hostname } from 'node:os';
import { LIMITS } from '@flow-tracking/protocol';
import type { Request } from 'express';
import { z } from 'zod';
import { createConsoleLogger, LOG_LEVELS, type LogLevel } from './console-logger';
import { FlowTrackingError } from './errors';
import type { Logger } from './logger';
import type { FlowTrackingOptions, ResolvedOptions } from './options';
import type { Redact } from './redact';
import type { RedisOption } from './redis-connection';

const KIB = 1024;
const MIB = 1024 * KIB;

/** A check whose message is what was expected. */
function expecting<T>(expected: string, accepts: (value: unknown) => boolean): z.ZodType<T> {
  return z.custom<T>(accepts, { error: `expected ${expected}` });
}

const integer = (min: number, max: number) =>
  expecting<number>(
    `an integer from ${min} to ${max}`,
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  );

const text = (expected: string, pattern: RegExp) =>
  expecting<string>(expected, (value) => typeof value === 'string' && pattern.test(value));

/** Control characters and lone surrogates would be taken out later, and what is left may be empty. */
const LABEL = /^[^\p{Cc}\p{Cs}]{1,80}$/u;

const label = expecting<string>(
  `a text of 1 to 80 characters and at most ${LIMITS.nameBytes} bytes`,
  (value) => typeof value === 'string' && LABEL.test(value) && Buffer.byteLength(value) <= LIMITS.nameBytes,
);

const fn = expecting<(req: Request) => never>('a function', (value) => typeof value === 'function');

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && /^rediss?:\/\//.test(value) && URL.canParse(value);
}

function isRedis(value: unknown): boolean {
  if (typeof value === 'string') return isUrl(value);
  if (Array.isArray(value)) return value.length > 0 && value.every(isUrl);
  return typeof value === 'object' && value !== null;
}

/** Nodes of a cluster in one text, as a variable has them. A comma may also be a password's. */
function splitUrls(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const urls = value.split(/\s*,\s*(?=rediss?:\/\/)/);
  return urls.length > 1 ? urls : value;
}

function isSample(value: unknown): boolean {
  return typeof value === 'function' || (typeof value === 'number' && value >= 0 && value <= 1);
}

function isRedact(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return Array.isArray(value) && value.every((path) => typeof path === 'string' && path !== '');
}

function isLogger(value: unknown): boolean {
  if (typeof value === 'string') return LOG_LEVELS.some((level) => level === value);
  if (typeof value !== 'object' || value === null) return false;
  const methods = value as Record<string, unknown>;
  return ['debug', 'info', 'warn', 'error'].every((name) => typeof methods[name] === 'function');
}

const schema = z.strictObject({
  redis: z
    .preprocess(
      splitUrls,
      expecting<RedisOption>(
        'a URL (redis:// or rediss://) or a list of them, options or a client of ioredis',
        isRedis,
      ),
    )
    .default('redis://localhost:6379'),
  enabled: expecting<boolean>('true or false', (value) => typeof value === 'boolean').default(true),
  service: label.default('app'),
  instance: label.default(() => `${hostname().slice(0, 60)}-${process.pid}`),
  prefix: text('1 to 64 of A-Z a-z 0-9 . _ -', /^[\w.-]{1,64}$/).default('flow'),
  partitions: integer(1, 1024).default(4),
  userId: fn.optional(),
  sessionId: fn.optional(),
  traceId: expecting<'otel' | ((req: Request) => never)>(
    "a function or 'otel'",
    (value) => value === 'otel' || typeof value === 'function',
  ).optional(),
  name: fn.optional(),
  ignore: fn.optional(),
  sample: expecting<number | ((req: Request) => unknown)>('a number from 0 to 1 or a function', isSample).default(1),
  timeoutMs: integer(1, 2 ** 31 - 1).optional(),
  redact: expecting<Redact>('a list of key paths or a function', isRedact).optional(),
  limits: z
    .strictObject({
      queueEvents: integer(1, 10_000_000).default(50_000),
      queueBytes: integer(KIB, 1024 * MIB).default(8 * MIB),
      eventBytes: integer(32 * KIB, LIMITS.eventBytes).default(LIMITS.eventBytes),
      attributes: integer(2, LIMITS.attributes).default(LIMITS.attributes),
      valueBytes: integer(64, LIMITS.eventBytes).default(16 * KIB),
      streamBytes: integer(MIB, 1024 * 1024 * MIB).default(64 * MIB),
    })
    .prefault({}),
  flush: z
    .strictObject({
      liveMs: integer(0, 60_000).default(5),
      idleMs: integer(0, 60_000).default(100),
      batchBytes: integer(KIB, 16 * MIB).default(256 * KIB),
    })
    .prefault({}),
  logger: expecting<Logger | LogLevel>(
    'an object with debug, info, warn and error, like pino, or one of debug, info, warn, error, silent',
    isLogger,
  ).default('warn'),
});

const ENVIRONMENT: Readonly<Record<string, string>> = {
  redis: 'REDIS_URL',
  enabled: 'REDIS_ENABLED',
  service: 'FLOW_SERVICE',
  sample: 'FLOW_SAMPLE',
  prefix: 'FLOW_PREFIX',
  partitions: 'FLOW_PARTITIONS',
  logger: 'FLOW_LOG_LEVEL',
};

const SWITCHES: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  on: true,
  false: false,
  '0': false,
  off: false,
};

/** A variable's text in the option's type; text that is none is left for the schema to refuse. */
function fromEnvironment(option: string, value: string): unknown {
  if (option === 'enabled') return SWITCHES[value.toLowerCase()] ?? value;
  if (option === 'partitions') return /^\d+$/.test(value) ? Number(value) : value;
  if (option === 'sample') return Number.isNaN(Number(value)) ? value : Number(value);
  return value;
}

/** What was given, for a message; a Redis URL holds a password, so it is not repeated. */
function describe(path: string, value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (path === 'redis' && typeof value === 'string') return 'another text';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return value;
}

function messageOf(issue: z.core.$ZodIssue, given: unknown, fromEnv: ReadonlySet<string>): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const name = [...issue.path, issue.keys[0] ?? ''].join('.');
    return `option ${name}: expected one of the documented options, got an unknown one`;
  }
  const variable = fromEnv.has(path) ? `${ENVIRONMENT[path] ?? ''} (option ${path})` : `option ${path || 'object'}`;
  const expected = issue.code === 'custom' ? issue.message : 'expected an object';
  return `${variable}: ${expected}, got ${describe(path, valueAt(given, issue.path))}`;
}

/**
 * Checks the options, with the environment for what they leave out.
 *
 * @throws {FlowTrackingError} `invalid_option`; the message says option, expected and got
 */
export function resolveOptions(
  options: FlowTrackingOptions = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): ResolvedOptions {
  const given: Record<string, unknown> = {};
  const fromEnv = new Set<string>();
  for (const [option, variable] of Object.entries(ENVIRONMENT)) {
    const value = env[variable];
    if (value === undefined || value === '') continue;
    given[option] = fromEnvironment(option, value);
    fromEnv.add(option);
  }
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new FlowTrackingError('invalid_option', `options: expected an object, got ${describe('', options)}`);
  }
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    given[option] = value;
    fromEnv.delete(option);
  }
  const result = schema.safeParse(given);
  if (!result.success) {
    const messages = result.error.issues.map((issue) => messageOf(issue, given, fromEnv));
    throw new FlowTrackingError('invalid_option', messages.join('; '));
  }
  const { userId, sessionId, traceId, name, ignore, timeoutMs, redact } = result.data;
  const logger = typeof result.data.logger === 'string' ? createConsoleLogger(result.data.logger) : result.data.logger;
  return { ...result.data, userId, sessionId, traceId, name, ignore, timeoutMs, redact, logger };
}
