import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { environment } from './environment';
import { BridgeError } from './errors';

/** Every other name may mean an address that other machines reach, now or after the next change of DNS. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Below an endpoint of OTLP/HTTP. */
const TRACES_PATH = '/v1/traces';

/** Where Redis is: one server, the nodes of a cluster to start with, or sentinels that know who is the primary. */
export type RedisTarget =
  | { kind: 'single'; url: string }
  | { kind: 'cluster'; urls: readonly string[] }
  | {
      kind: 'sentinel';
      sentinels: readonly { host: string; port: number }[];
      /** What the sentinels call the primary. */
      name: string;
      sentinelPassword: string | undefined;
      /** User, password, database and TLS of the primary; host and port are not used. */
      url: string;
    };

/** Everything that can be set, checked; durations in ms. */
export interface Config {
  redis: RedisTarget;
  databaseUrl: string;
  /** A replica that is read from; undefined: none. */
  databaseReadUrl: string | undefined;
  host: string;
  port: number;
  /** Tokens that may read; empty together with `controlTokens`: no token is asked, and only loopback is listened on. */
  readTokens: string[];
  /** Tokens that may read and change monitoring. */
  controlTokens: string[];
  /** Tokens that may send spans. */
  writeTokens: string[];
  /** Files with further tokens, one a line; read again when they change. */
  readTokensFile: string | undefined;
  controlTokensFile: string | undefined;
  writeTokensFile: string | undefined;
  /** What `POST /v1/traces` goes by. */
  otlp: {
    /** Bytes of one request, unpacked. */
    maxBytes: number;
    /** How long a trace is remembered after its last span, in s. */
    memoryS: number;
    /** What one stream may take about, in bytes; older entries are trimmed when spans are written. */
    streamBytes: number;
    /** Attributes that tell the user, and the session; the first one that is there wins. */
    userAttributes: string[];
    sessionAttributes: string[];
  };
  /** Requests a minute, by one token, that may change something. */
  changesPerMinute: number;
  /** Exports that go on at once; half of them by one token. */
  exportsAtOnce: number;
  /** An answer of which nothing is read for so long is cut off. */
  readerIdleMs: number;
  /** Browser origins that may call, besides none. */
  allowedOrigins: string[];
  /** Whether `/metrics` asks for no token. */
  metricsOpen: boolean;
  prefix: string;
  partitions: number;
  /** Bytes of all dead letters together; the oldest make room. */
  deadLetterBytes: number;
  /** Days that history is kept; 0: for ever. */
  retentionDays: number;
  /** A running flow without an event for this long counts as stalled. */
  stalledAfterMs: number;
  /** A running flow without an event for this long becomes `lost`. */
  lostAfterMs: number;
  /** Where finished flows are sent as spans; undefined: nowhere. */
  spanTarget: { url: string; headers: Readonly<Record<string, string>>; forwardsSpans: boolean } | undefined;
  /** How long a bridge that stops still serves, with /readyz at 503. */
  drainMs: number;
  logLevel: string;
  logFormat: 'json' | 'pretty';
  /** Of this package. */
  version: string;
  /** Names this bridge in frames, logs and the consumer group. */
  instance: string;
  /** Name of the machine or container: a bridge that is started again there takes the place of one that died. */
  machine: string;
  migrationsDir: string;
}

/** The version of this package. */
export function readVersion(): string {
  const file = join(__dirname, '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Beside this package in the repository and in the image; within it where npm installed it, since packing copies them there. */
function findMigrationsDir(): string {
  const [beside, within] = [join(__dirname, '..', '..', 'migrations'), join(__dirname, '..', 'migrations')];
  return existsSync(beside) ? beside : within;
}

function readRedisTarget(values: z.infer<typeof environment>): RedisTarget {
  const [url = '', ...more] = values.REDIS_URL;
  if (values.REDIS_SENTINELS.length === 0) {
    return more.length === 0 ? { kind: 'single', url } : { kind: 'cluster', urls: [url, ...more] };
  }
  if (more.length > 0) {
    throw new BridgeError(
      'invalid_config',
      500,
      'REDIS_URL: expected one URL beside REDIS_SENTINELS, since nodes of a cluster need no sentinels; got a list',
    );
  }
  return {
    kind: 'sentinel',
    sentinels: values.REDIS_SENTINELS,
    name: values.REDIS_SENTINEL_NAME,
    sentinelPassword: values.REDIS_SENTINEL_PASSWORD,
    url,
  };
}

/** As OpenTelemetry's exporters take an endpoint: the path of traces is added where it is missing. */
function readSpanTarget(values: z.infer<typeof environment>): Config['spanTarget'] {
  if (values.FLOW_OTLP_ENDPOINT === undefined) return undefined;
  const url = new URL(values.FLOW_OTLP_ENDPOINT);
  if (!url.pathname.endsWith(TRACES_PATH)) url.pathname = url.pathname.replace(/\/$/, '') + TRACES_PATH;
  return { url: url.href, headers: values.FLOW_OTLP_HEADERS, forwardsSpans: values.FLOW_OTLP_FORWARD_SPANS };
}

/**
 * Reads the configuration.
 *
 * @throws {BridgeError} `invalid_config`, naming every variable that is wrong, with expected and got
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable counts as not set, as compose files pass them.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const variable = String(issue.path[0]);
      // Of what may hold a password, the value stays out of the log.
      const got = /_(URL|TOKENS|ENDPOINT|HEADERS)$/.test(variable) ? '' : `, got ${JSON.stringify(env[variable])}`;
      return `${variable}: ${issue.message}${got}`;
    });
    throw new BridgeError('invalid_config', 500, problems.join('\n'));
  }
  const values = parsed.data;
  const config: Config = {
    redis: readRedisTarget(values),
    databaseUrl: values.DATABASE_URL,
    databaseReadUrl: values.DATABASE_READ_URL,
    host: values.FLOW_BRIDGE_HOST,
    port: values.FLOW_BRIDGE_PORT,
    readTokens: values.FLOW_READ_TOKENS,
    controlTokens: values.FLOW_CONTROL_TOKENS,
    writeTokens: values.FLOW_WRITE_TOKENS,
    readTokensFile: values.FLOW_READ_TOKENS_FILE,
    controlTokensFile: values.FLOW_CONTROL_TOKENS_FILE,
    writeTokensFile: values.FLOW_WRITE_TOKENS_FILE,
    otlp: {
      maxBytes: values.FLOW_OTLP_MAX_BYTES,
      memoryS: values.FLOW_OTLP_MEMORY_S,
      streamBytes: values.FLOW_OTLP_STREAM_BYTES,
      userAttributes: values.FLOW_OTLP_USER_ATTRIBUTES,
      sessionAttributes: values.FLOW_OTLP_SESSION_ATTRIBUTES,
    },
    changesPerMinute: values.FLOW_CONTROL_RATE_PER_MINUTE,
    exportsAtOnce: values.FLOW_EXPORTS_AT_ONCE,
    readerIdleMs: values.FLOW_READER_IDLE_S * 1_000,
    allowedOrigins: values.FLOW_ALLOWED_ORIGINS,
    metricsOpen: values.FLOW_METRICS_OPEN,
    prefix: values.FLOW_PREFIX,
    partitions: values.FLOW_PARTITIONS,
    deadLetterBytes: values.FLOW_DEAD_LETTER_BYTES,
    retentionDays: values.FLOW_RETENTION_DAYS,
    stalledAfterMs: values.FLOW_STALLED_AFTER_S * 1_000,
    lostAfterMs: values.FLOW_LOST_AFTER_S * 1_000,
    spanTarget: readSpanTarget(values),
    drainMs: values.FLOW_DRAIN_S * 1_000,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    version: readVersion(),
    machine: hostname(),
    instance: `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    migrationsDir: findMigrationsDir(),
  };
  const asksForTokens =
    (config.readTokens.length > 0 || config.readTokensFile !== undefined) &&
    (config.controlTokens.length > 0 || config.controlTokensFile !== undefined);
  if (!LOOPBACK_HOST.test(config.host) && !asksForTokens) {
    throw new BridgeError(
      'invalid_config',
      500,
      `FLOW_BRIDGE_HOST: ${config.host} can be reached from other machines, so FLOW_READ_TOKENS and ` +
        `FLOW_CONTROL_TOKENS (or their _FILE) must be set; or listen on 127.0.0.1`,
    );
  }
  return config;
}
