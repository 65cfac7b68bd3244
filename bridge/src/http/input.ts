import { FLOW_STATUSES, LIMITS } from '@flow-tracking/protocol';
import { z } from 'zod';
import { BridgeError } from '../errors';

/** The year 9999, in epoch ms. */
const MAX_TS = 253_402_300_799_999;
const MAX_TTL_HOURS = 168;
const MAX_LIMIT = 500;

/** A number in the decimal form that people write: `z.coerce` would also take '', '0x10' and '1e9'. */
const decimal = (expected: string) =>
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, expected)
    .transform(Number);

/** A moment as epoch ms or ISO 8601; gives epoch ms. */
const time = z.string().transform((text, context) => {
  const ts = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
  if (ts >= 0 && ts <= MAX_TS) return ts;
  context.addIssue('expected epoch milliseconds or an ISO 8601 time');
  return z.NEVER;
});

/** An id that came in a path or query. */
export const id = z
  .string()
  .min(1, 'expected an id, got an empty one')
  .refine((text) => Buffer.byteLength(text) <= LIMITS.idBytes, `expected at most ${LIMITS.idBytes} bytes`);

const limit = (fallback: number) =>
  decimal(`expected a whole number from 1 to ${MAX_LIMIT}`)
    .pipe(z.int().min(1).max(MAX_LIMIT, `expected a whole number from 1 to ${MAX_LIMIT}`))
    .default(fallback);

/** Query of a list of flows. */
export const flowsQuery = z.strictObject({
  user: id.optional(),
  session: id.optional(),
  status: z.enum(FLOW_STATUSES, `expected one of ${FLOW_STATUSES.join(', ')}`).optional(),
  from: time.optional(),
  to: time.optional(),
  cursor: z.string().max(200).optional(),
  limit: limit(50),
});

/** Query of the list of users. */
export const usersQuery = z.strictObject({
  from: time.optional(),
  q: z.string().max(LIMITS.idBytes).optional(),
  limit: limit(100),
});

const ttlMessage = `expected hours above 0 and up to ${MAX_TTL_HOURS}`;

/** Query of monitoring's enable. */
export const enableQuery = z.strictObject({
  ttl_hours: decimal(ttlMessage).pipe(z.number().gt(0, ttlMessage).max(MAX_TTL_HOURS, ttlMessage)).default(1),
});

/**
 * Checks what a caller gave.
 *
 * @throws {BridgeError} `invalid_request`, naming every field with what was expected and got
 */
export function checkInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const field = issue.path.join('.');
    const got = (input as Record<string, unknown> | undefined)?.[field];
    const value = got === undefined ? '' : `, got ${JSON.stringify(got).slice(0, 60)}`;
    return `${field === '' ? 'query' : field}: ${issue.message}${value}`;
  });
  throw new BridgeError('invalid_request', 400, problems.join('; '));
}
