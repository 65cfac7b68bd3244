import { AUDIT_ACTIONS, FLOW_STATUSES, HISTOGRAM_MEASURES, LIMITS, MAX_TS } from '@flow-tracking/protocol';
import { z } from 'zod';

const MAX_TTL_HOURS = 168;
const MAX_LIMIT = 500;
const MAX_TEXT = 255;
const MAX_REASON = 500;
const MAX_DURATION_MS = 1e12;
/** Values that one filter may have. */
const MAX_VALUES = 50;
const MAX_FACTOR = 1_000;
const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** What comes in a path or a query is text; given twice it is a list, which next to nothing here takes. */
const text = (expected: string) => z.string(`${expected}, once`);

/** A number in the decimal form that people write: `z.coerce` would also take '', '0x10' and '1e9'. */
const decimal = (expected: string) =>
  text(expected)
    .regex(/^-?\d+(\.\d+)?$/, expected)
    .transform(Number);

const TIME = 'expected epoch milliseconds or an ISO 8601 time';

/** A moment; gives epoch ms. */
const time = text(TIME)
  .transform((given, context) => {
    // Date.parse takes much that is no ISO 8601, such as "-1" for a month of 2001.
    const isIso = /^\d{4}-\d{2}/.test(given);
    const ts = isIso ? Date.parse(given) : Number(/^\d+(\.\d+)?$/.test(given) ? given : NaN);
    if (ts >= 0 && ts <= MAX_TS) return ts;
    context.addIssue(TIME);
    return z.NEVER;
  })
  .meta({ description: 'Epoch milliseconds, or ISO 8601', examples: ['1764050000123', '2026-11-25T06:00:00Z'] });

const ID = `expected an id of 1 to ${LIMITS.idBytes} bytes without NUL`;

/** An id, or the name of a checkpoint. */
const id = text(ID)
  .min(1, ID)
  .refine((given) => Buffer.byteLength(given) <= LIMITS.idBytes && !given.includes('\0'), ID)
  .meta({ minLength: 1, description: `At most ${LIMITS.idBytes} bytes` });

/** A filter that may be given several times; gives a list, of what passes one of them. */
const many = <T extends z.ZodType>(one: T) =>
  z
    .preprocess(
      (given): unknown => (Array.isArray(given) ? given : [given]),
      z.array(one).max(MAX_VALUES, `expected at most ${MAX_VALUES} of them`),
    )
    .optional();

const SEARCH = `expected 1 to ${MAX_TEXT} characters, none of them a control character`;

const search = text(SEARCH)
  .min(1, SEARCH)
  .max(MAX_TEXT, SEARCH)
  .refine((given) => !/\p{Cc}/u.test(given), SEARCH);

const limit = (fallback: number) => {
  const expected = `expected a whole number from 1 to ${MAX_LIMIT}`;
  return decimal(expected)
    .pipe(z.int(expected).min(1, expected).max(MAX_LIMIT, expected))
    .default(fallback)
    .meta({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, description: `Default: ${fallback}` });
};

const CURSOR = 'expected the next_cursor of a page before';
const cursor = text(CURSOR).min(1, CURSOR).max(200, CURSOR).meta({ description: '`next_cursor` of the page before' });

const INTERVAL = 'expected whole minutes as 60, 60s, 1m, 10m, 1h or 1d';

/** Width of a slot; gives seconds. */
const interval = text(INTERVAL)
  .transform((given, context) => {
    const [, number, unit = 's'] = /^(\d{1,7})([smhd])?$/.exec(given) ?? [];
    const seconds = Number(number) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
    if (seconds > 0 && seconds % 60 === 0 && seconds <= 366 * UNIT_SECONDS.d) return seconds;
    context.addIssue(INTERVAL);
    return z.NEVER;
  })
  .meta({
    description:
      'Whole minutes, in seconds or with a unit. Default by range: 1m up to 6 hours, 10m to 2 days, 1h to 16, 1d',
    examples: ['60', '10m', '1h', '1d'],
  });

const DURATION = `expected milliseconds from 0 to ${MAX_DURATION_MS}`;

const minDuration = decimal(DURATION).pipe(z.number().min(0, DURATION).max(MAX_DURATION_MS, DURATION)).optional();

/** Filters of flows. Of several values of one, a flow has one; of several filters it passes all. */
const flowFilters = {
  session: many(id),
  service: many(id),
  status: many(z.enum(FLOW_STATUSES, `expected one of ${FLOW_STATUSES.join(', ')}`)),
  checkpoint: many(id).meta({ description: 'Name of a checkpoint that the flow has' }),
  min_duration_ms: minDuration.meta({
    type: 'number',
    minimum: 0,
    description: 'Of a flow that still runs: how long it has run already',
  }),
  from: time.optional(),
  to: time.optional(),
  q: search.optional().meta({
    description:
      "Contained, in upper or lower case, in the flow's, session's or user's id, the name, the trace id or the error's " +
      'message. With q, checkpoint or min_duration_ms, or service without user and session, from is 7 days before to unless it is given',
  }),
};

export const userPath = z.strictObject({ userId: id });
export const sessionPath = z.strictObject({ sessionId: id });
export const flowPath = z.strictObject({ flowId: id });
export const noInput = z.strictObject({});

export const flowsOfUserQuery = z.strictObject({ ...flowFilters, cursor: cursor.optional(), limit: limit(50) });
export const flowsQuery = flowsOfUserQuery.extend({ user: many(id) });
export const runningQuery = z.strictObject({
  user: many(id),
  service: many(id),
  checkpoint: many(id).meta({ description: 'Name of a checkpoint that is open' }),
  min_duration_ms: minDuration.meta({ type: 'number', minimum: 0, description: 'How long the flow has run already' }),
  limit: limit(100),
});
export const detailQuery = z.strictObject({ cursor: cursor.optional() });
export const sessionQuery = detailQuery.extend({ session: id });

export const exportQuery = z.strictObject({
  ...flowFilters,
  user: many(id),
  format: z
    .enum(['ndjson', 'json'], 'expected ndjson or json')
    .default('ndjson')
    .meta({ description: 'Default: ndjson' }),
});

/** Query of the lists of users and of services, and of that of checkpoints. */
export const usersQuery = z.strictObject({ from: time.optional(), q: search.optional(), limit: limit(100) });
export const checkpointsQuery = usersQuery.extend({ to: time.optional() });

export const statsQuery = z.strictObject({
  from: time.optional(),
  to: time.optional(),
  interval: interval.optional(),
  checkpoint: many(id),
});

export const summaryQuery = z.strictObject({ from: time.optional(), to: time.optional(), checkpoint: many(id) });

const MEASURE = `expected one of ${HISTOGRAM_MEASURES.join(', ')}`;
export const histogramQuery = statsQuery.extend({
  of: z.enum(HISTOGRAM_MEASURES, MEASURE).default('duration').meta({ description: 'Default: duration' }),
});

const FACTOR = `expected a number above 0 and up to ${MAX_FACTOR}`;
export const slowQuery = z.strictObject({
  from: time.optional(),
  to: time.optional(),
  user: many(id),
  session: many(id),
  service: many(id),
  checkpoint: many(id),
  min_duration_ms: minDuration.meta({
    type: 'number',
    minimum: 0,
    description: 'Slow from this on, whatever is usual',
  }),
  factor: decimal(FACTOR).pipe(z.number().gt(0, FACTOR).max(MAX_FACTOR, FACTOR)).default(2).meta({
    type: 'number',
    exclusiveMinimum: 0,
    maximum: MAX_FACTOR,
    description: "Slow from so many times its name's own p95 of the day before `to` on. Default: 2",
  }),
  limit: limit(100),
});

/** How long a poll may be held, ms; below the 30 s after which Grafana's proxy gives up. */
const MAX_POLL_WAIT_MS = 25_000;
const POLL_WAIT = `expected whole milliseconds from 0 to ${MAX_POLL_WAIT_MS}`;
const POLL_USERS = `expected one to ${LIMITS.subscriptions} user ids, as user=a&user=b, each of 1 to ${LIMITS.idBytes} bytes without NUL; * is every monitored user`;
const POLL_CURSOR = 'expected the cursor of the answer before, once';

export const liveQuery = z.strictObject({
  user: z
    .union([id, z.array(id).min(1)], POLL_USERS)
    .transform((given) => [given].flat())
    .meta({ description: 'A user id, or several: user=a&user=b; * is every monitored user' }),
  after: text(POLL_CURSOR)
    .optional()
    .meta({ description: '`cursor` of the answer before; one that is not known here is answered by snapshots' }),
  wait_ms: decimal(POLL_WAIT)
    .pipe(z.int(POLL_WAIT).min(0, POLL_WAIT).max(MAX_POLL_WAIT_MS, POLL_WAIT))
    .default(20_000)
    .meta({ type: 'integer', minimum: 0, maximum: MAX_POLL_WAIT_MS, description: 'Default: 20000' }),
});

const TTL = `expected hours above 0 and up to ${MAX_TTL_HOURS}`;
const REASON = `expected at most ${MAX_REASON} characters`;

/** Why; control characters would break a log or a table. */
const reason = text(REASON)
  .max(MAX_REASON, REASON)
  .transform((given) => given.replace(/\p{Cc}+/gu, ' ').trim() || null)
  .optional()
  .meta({ maxLength: MAX_REASON });

export const changeQuery = z.strictObject({ reason });
/** Takes any id: URL parsers take "." and ".." out of a path, even percent-encoded. */
export const changeOfUserQuery = changeQuery.extend({ user: id });
export const enableQuery = changeQuery.extend({
  ttl_hours: decimal(TTL)
    .pipe(z.number().gt(0, TTL).max(MAX_TTL_HOURS, TTL))
    .default(1)
    .meta({ type: 'number', exclusiveMinimum: 0, maximum: MAX_TTL_HOURS, description: 'Default: 1' }),
});

export const enableUserQuery = enableQuery.extend({ user: id });

const YES_OR_NO = 'expected true or false';

export const checksQuery = z.strictObject({
  user: id.optional().meta({ description: 'Whose monitoring is looked at, too' }),
  keep_flow: z
    .enum(['true', 'false'], YES_OR_NO)
    .default('false')
    .transform((given) => given === 'true')
    .meta({ description: 'true: the flow that is sent stays in history. Default: false' }),
});

export const auditQuery = z.strictObject({
  user: id.optional(),
  action: z.enum(AUDIT_ACTIONS, `expected one of ${AUDIT_ACTIONS.join(', ')}`).optional(),
  from: time.optional(),
  to: time.optional(),
  cursor: cursor.optional(),
  limit: limit(50),
});
