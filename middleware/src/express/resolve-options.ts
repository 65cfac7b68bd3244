import { hostname } from 'node:os';
import { LIMITS, STREAM_BYTES } from '@flow-tracking/protocol';
import { FlowTrackingError } from '../errors';
import { createConsoleLogger, LOG_LEVELS, type Logger, type LogLevel } from '../record/logger';
import type { FlowTrackingOptions, ResolvedOptions } from './options';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What an option may be, what accepts it, and its value when it is not given. */
type Check = readonly [expected: string, accepts: (value: unknown) => boolean, fallback?: unknown];
type Checks = Readonly<Record<string, Check>>;

const integer = (min: number, max: number, fallback?: number): Check => [
  `an integer from ${min} to ${max}`,
  (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  fallback,
];

/** Control characters and lone surrogates would be removed later, which may leave nothing. */
const LABEL = /^[^\p{Cc}\p{Cs}]{1,80}$/u;

const label = (fallback: string): Check => [
  `a text of 1 to 80 characters and at most ${LIMITS.nameBytes} bytes`,
  (value) => typeof value === 'string' && LABEL.test(value) && Buffer.byteLength(value) <= LIMITS.nameBytes,
  fallback,
];

const isFunction = (value: unknown): boolean => typeof value === 'function';
const fn: Check = ['a function', isFunction];

const isUrl = (value: unknown): boolean =>
  typeof value === 'string' && /^rediss?:\/\//.test(value) && URL.canParse(value);

function isRedis(value: unknown): boolean {
  if (typeof value === 'string') return isUrl(value);
  if (Array.isArray(value)) return value.length > 0 && value.every(isUrl);
  return typeof value === 'object' && value !== null;
}

const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
const isPrefix = (value: unknown): boolean => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value);
const isPath = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isRedact = (value: unknown): boolean => isFunction(value) || (Array.isArray(value) && value.every(isPath));

function isLogger(value: unknown): boolean {
  if (typeof value === 'string') return LOG_LEVELS.some((level) => level === value);
  if (typeof value !== 'object' || value === null) return false;
  return ['debug', 'info', 'warn', 'error'].every((name) => isFunction((value as Record<string, unknown>)[name]));
}

const CHECKS: Checks = {
  redis: [
    'a URL (redis:// or rediss://) or a list of them, options or a client of ioredis',
    isRedis,
    'redis://localhost:6379',
  ],
  enabled: ['true or false', (value) => typeof value === 'boolean', true],
  service: label('app'),
  instance: label(`${hostname().slice(0, 60)}-${process.pid}`),
  prefix: ['1 to 64 of A-Z a-z 0-9 . _ -', isPrefix, 'flow'],
  partitions: integer(1, 1024, 4),
  userId: fn,
  sessionId: fn,
  traceId: ["a function or 'otel'", (value) => value === 'otel' || isFunction(value)],
  name: fn,
  ignore: fn,
  sample: ['a number from 0 to 1 or a function', (value) => isShare(value) || isFunction(value), 1],
  timeoutMs: integer(1, 2 ** 31 - 1),
  redact: ['a list of key paths or a function', isRedact],
  logger: [
    `an object with debug, info, warn and error, like pino, or one of ${LOG_LEVELS.join(', ')}`,
    isLogger,
    'warn',
  ],
};

const GROUPS: Readonly<Record<string, Checks>> = {
  limits: {
    queueEvents: integer(1, 10_000_000, 50_000),
    queueBytes: integer(KIB, 1024 * MIB, 8 * MIB),
    eventBytes: integer(32 * KIB, LIMITS.eventBytes, LIMITS.eventBytes),
    attributes: integer(2, LIMITS.attributes, LIMITS.attributes),
    valueBytes: integer(64, LIMITS.eventBytes, 16 * KIB),
    streamBytes: integer(STREAM_BYTES.min, STREAM_BYTES.max, STREAM_BYTES.fallback),
  },
  flush: {
    liveMs: integer(0, 60_000, 5),
    idleMs: integer(0, 60_000, 100),
    batchBytes: integer(KIB, 16 * MIB, 256 * KIB),
  },
};

/** Describes what was given, for a message. A Redis URL may hold a password, so it is not repeated. */
function describe(name: string, value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (name === 'redis' && typeof value === 'string') return 'another text';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

type Given = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

const isRecord = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Splits the nodes of a cluster in one text, as in a variable. A password may hold a comma, too. */
function splitUrls(text: string): string | string[] {
  const urls = text.split(/\s*,\s*(?=rediss?:\/\/)/);
  return urls.length > 1 ? urls : text;
}

const SWITCHES: Given = { true: true, '1': true, on: true, false: false, '0': false, off: false };
const asText = (text: string): unknown => text;

/** The variable of each option, and how its text is read. The check refuses text that can't be read. */
const VARIABLES: Readonly<Record<string, readonly [string, (text: string) => unknown]>> = {
  redis: ['REDIS_URL', splitUrls],
  enabled: ['REDIS_ENABLED', (text) => SWITCHES[text.toLowerCase()] ?? text],
  service: ['FLOW_SERVICE', asText],
  sample: ['FLOW_SAMPLE', (text) => (Number.isNaN(Number(text)) ? text : Number(text))],
  prefix: ['FLOW_PREFIX', asText],
  partitions: ['FLOW_PARTITIONS', (text) => (/^\d+$/.test(text) ? Number(text) : text)],
  logger: ['FLOW_LOG_LEVEL', asText],
};

/** Checks what was given, and adds to `problems` what is wrong with it. @param group name of the group with a dot, or empty */
function checked(given: Given, checks: Checks, group: string, env: Environment, problems: string[]): Given {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(checks, name) || (group === '' && Object.hasOwn(GROUPS, name))) continue;
    problems.push(`option ${group}${name}: expected one of the documented options, got an unknown one`);
  }
  const read = ([name, [expected, accepts, fallback]]: [string, Check]): [string, unknown] => {
    let value = given[name];
    let source = `option ${group}${name}`;
    const [variable = '', parse = asText] = (group === '' ? VARIABLES[name] : undefined) ?? [];
    const text = env[variable];
    if (value === undefined && text !== undefined && text !== '') {
      value = parse(text);
      source = `${variable} (${source})`;
    } else if (name === 'redis' && typeof value === 'string') value = splitUrls(value);
    if (value === undefined) return [name, fallback];
    if (!accepts(value)) problems.push(`${source}: expected ${expected}, got ${describe(name, value)}`);
    return [name, value];
  };
  return Object.fromEntries(Object.entries(checks).map(read));
}

/**
 * Checks the options, with the environment for what they leave out.
 *
 * @throws {FlowTrackingError} `invalid_option`; the message says option, expected and got
 */
export function resolveOptions(options: FlowTrackingOptions = {}, env: Environment = process.env): ResolvedOptions {
  const given: unknown = options;
  if (!isRecord(given)) {
    throw new FlowTrackingError('invalid_option', `options: expected an object, got ${describe('', given)}`);
  }
  const problems: string[] = [];
  const resolved: Record<string, unknown> = { ...checked(given, CHECKS, '', env, problems) };
  for (const [group, checks] of Object.entries(GROUPS)) {
    const inGroup = given[group] ?? {};
    if (given[group] !== null && isRecord(inGroup)) {
      resolved[group] = checked(inGroup, checks, `${group}.`, env, problems);
    } else problems.push(`option ${group}: expected an object, got ${describe('', given[group])}`);
  }
  if (problems.length > 0) throw new FlowTrackingError('invalid_option', problems.join('; '));
  const { logger } = resolved as { logger: Logger | LogLevel };
  return {
    ...(resolved as unknown as ResolvedOptions),
    logger: typeof logger === 'string' ? createConsoleLogger(logger) : logger,
  };
}
