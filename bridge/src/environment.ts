import { SPAN_SESSION, SPAN_USER, STREAM_BYTES } from '@flow-tracking/protocol';
import { z } from 'zod';

const MIB = 1024 * 1024;
const SENTINEL_PORT = 26_379;

const listOf = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
const list = listOf('');

/** One word of a header each. */
const tokens = list.refine((items) => items.every((item) => /^[\x21-\x7e]+$/.test(item)), {
  error: 'expected tokens without spaces, of printable ASCII, separated by commas',
});

const url = (protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `expected a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

/** URLs of one Redis, or of nodes of a cluster. A comma may also be a password's. */
const redisUrls = z
  .string()
  .transform((text) => text.split(/\s*,\s*(?=rediss?:\/\/)/))
  .pipe(z.array(url(['redis:', 'rediss:'])));

const hostsAndPorts = list.pipe(
  z.array(
    z
      .string()
      .regex(/^(\[[\da-f:.]+\]|[^:/@\s]+)(:\d{1,5})?$/i, 'expected host:port, several by comma')
      .transform((text) => {
        const { hostname, port } = new URL(`redis://${text}`);
        return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || SENTINEL_PORT) };
      }),
  ),
);

const integer = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, `expected a whole number from ${min} to ${max}`)
    .default(String(fallback))
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** `name=value` of HTTP headers, values percent-encoded, as the variables of OpenTelemetry have them. */
const headers = list
  .refine((items) => items.every((item) => /^[!#$%&'*+.^_`|~\w-]+=[\x20-\x7e]+$/.test(item)), {
    error: 'expected name=value of headers, several by comma',
  })
  .transform((items) => Object.fromEntries(items.map(headerOf)));

function headerOf(item: string): [name: string, value: string] {
  const at = item.indexOf('=');
  const value = item.slice(at + 1);
  try {
    return [item.slice(0, at).toLowerCase(), decodeURIComponent(value)];
  } catch {
    // A value that only looks encoded.
    return [item.slice(0, at).toLowerCase(), value];
  }
}

const yesOrNo = z
  .enum(['true', 'false'], 'expected true or false')
  .default('false')
  .transform((text) => text === 'true');

/** The variables that a bridge knows, with their checks and defaults. */
export const environment = z.object({
  REDIS_URL: redisUrls.default(['redis://127.0.0.1:6379']),
  REDIS_SENTINELS: hostsAndPorts,
  REDIS_SENTINEL_NAME: z.string().min(1).default('mymaster'),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']).default('postgres://127.0.0.1:5432/postgres'),
  DATABASE_READ_URL: url(['postgres:', 'postgresql:']).optional(),
  FLOW_BRIDGE_PORT: integer(0, 65_535, 8090),
  FLOW_BRIDGE_HOST: z.string().min(1).default('127.0.0.1'),
  FLOW_READ_TOKENS: tokens,
  FLOW_CONTROL_TOKENS: tokens,
  FLOW_WRITE_TOKENS: tokens,
  FLOW_READ_TOKENS_FILE: z.string().optional(),
  FLOW_CONTROL_TOKENS_FILE: z.string().optional(),
  FLOW_WRITE_TOKENS_FILE: z.string().optional(),
  FLOW_CONTROL_RATE_PER_MINUTE: integer(1, 100_000, 60),
  FLOW_EXPORTS_AT_ONCE: integer(1, 1_000, 6),
  FLOW_READER_IDLE_S: integer(1, 3_600, 30),
  FLOW_ALLOWED_ORIGINS: list,
  FLOW_METRICS_OPEN: yesOrNo,
  FLOW_PREFIX: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'expected 1 to 64 letters, digits, "_", "." or "-"')
    .default('flow'),
  FLOW_PARTITIONS: integer(1, 256, 4),
  FLOW_DEAD_LETTER_BYTES: integer(MIB, 1024 * MIB, 16 * MIB),
  FLOW_RETENTION_DAYS: integer(0, 36_500, 90),
  FLOW_STALLED_AFTER_S: integer(1, 86_400, 60),
  FLOW_LOST_AFTER_S: integer(1, 86_400, 3_600),
  FLOW_OTLP_ENDPOINT: url(['http:', 'https:']).optional(),
  FLOW_OTLP_HEADERS: headers,
  FLOW_OTLP_FORWARD_SPANS: yesOrNo,
  FLOW_OTLP_MAX_BYTES: integer(1024, 64 * MIB, 16 * MIB),
  FLOW_OTLP_MEMORY_S: integer(1, 604_800, 3_600),
  FLOW_OTLP_STREAM_BYTES: integer(STREAM_BYTES.min, STREAM_BYTES.max, STREAM_BYTES.fallback),
  FLOW_OTLP_USER_ATTRIBUTES: listOf(SPAN_USER.join()),
  FLOW_OTLP_SESSION_ATTRIBUTES: listOf(SPAN_SESSION.join()),
  FLOW_DRAIN_S: integer(0, 300, 0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
});
