import { hostname } from 'node:os';
import { LIMITS } from '@flow-tracking/protocol';
import type { Request } from 'express';
import { z } from 'zod';
import type { AttributeLimits } from './attributes';
import { FlowTrackingError } from './errors';
import { createConsoleLogger, LOG_LEVELS, type LogLevel } from './console-logger';
import type { Logger } from './logger';
import type { Redact } from './redact';
import type { RedisOption } from './redis-connection';

/** All are optional; without any, `REDIS_URL` or the Redis on localhost is used. */
export interface FlowTrackingOptions {
  /**
   * A URL, options of ioredis, or a client of ioredis (which is only duplicated, never used or closed). A list of URLs, or
   * the client of a cluster, is for Redis Cluster.
   *
   * @default REDIS_URL, else 'redis://localhost:6379'
   */
  redis?: RedisOption;
  /** False: records nothing and opens no connection, with the same API. @default true, unless REDIS_ENABLED=false */
  enabled?: boolean;
  /** Name of the service in each flow. @default FLOW_SERVICE, else 'app' */
  service?: string;
  /** Name of the process in each flow. @default host name and process id */
  instance?: string;
  /** Prefix of everything in Redis, the same as the bridge's. @default FLOW_PREFIX, else 'flow' */
  prefix?: string;
  /** Number of streams, the same as the bridge's. @default FLOW_PARTITIONS, else 4 */
  partitions?: number;
  /** The user of a request, asked until it gives one, from the first checkpoint on. */
  userId?: (req: Request) => string | number | null | undefined;
  /** The session of a request, asked with the user. @default the flow's own id */
  sessionId?: (req: Request) => string | number | null | undefined;
  /** The name of a request's flow. @default method and route pattern: 'POST /ask/:id' */
  name?: (req: Request) => string | undefined;
  /** True: the request is not recorded. */
  ignore?: (req: Request) => boolean;
  /**
   * Share of the flows that are recorded, 0 to 1, or a function that says it of a request (true: 1, false: 0). Flows of a
   * monitored user are recorded in any case. @default FLOW_SAMPLE, else 1
   */
  sample?: number | ((req: Request) => number | boolean);
  /** Ms after which a flow that has not ended ends as `timed_out`. The request goes on. @default never */
  timeoutMs?: number;
  /** Key paths whose values are replaced, or a function that returns the attributes to keep. */
  redact?: Redact;
  limits?: {
    /** Events held in memory at most. @default 50_000 */
    queueEvents?: number;
    /** Characters of events held in memory at most. @default 8 MiB */
    queueBytes?: number;
    /** UTF-8 bytes of one event. @default 65_536 */
    eventBytes?: number;
    /** Attributes of one event. @default 128 */
    attributes?: number;
    /** UTF-8 bytes of one attribute's value. @default 16_384 */
    valueBytes?: number;
    /** Bytes that one stream in Redis takes about, before its oldest entries are trimmed. @default 64 MiB */
    streamBytes?: number;
  };
  flush?: {
    /** Ms that an event of a monitored user waits at most. @default 5 */
    liveMs?: number;
    /** Ms that other events wait. @default 100 */
    idleMs?: number;
    /** Characters that are sent at once, without waiting. @default 256 KiB */
    batchBytes?: number;
  };
  /** Anything like pino, or what is told on the console. At debug it is every event. @default FLOW_LOG_LEVEL, else 'warn' */
  logger?: Logger | LogLevel;
}

/** The options checked, with every default in place. */
export interface ResolvedOptions {
  readonly redis: RedisOption;
  readonly enabled: boolean;
  readonly service: string;
  readonly instance: string;
  readonly prefix: string;
  readonly partitions: number;
  readonly userId: ((req: Request) => unknown) | undefined;
  readonly sessionId: ((req: Request) => unknown) | undefined;
  readonly name: ((req: Request) => unknown) | undefined;
  readonly ignore: ((req: Request) => unknown) | undefined;
  readonly sample: number | ((req: Request) => unknown);
  readonly timeoutMs: number | undefined;
  readonly redact: Redact | undefined;
  readonly limits: AttributeLimits & { queueEvents: number; queueBytes: number; streamBytes: number };
  readonly flush: { liveMs: number; idleMs: number; batchBytes: number };
  readonly logger: Logger;
}

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
  const { userId, sessionId, name, ignore, timeoutMs, redact } = result.data;
  const logger = typeof result.data.logger === 'string' ? createConsoleLogger(result.data.logger) : result.data.logger;
  return { ...result.data, userId, sessionId, name, ignore, timeoutMs, redact, logger };
}
