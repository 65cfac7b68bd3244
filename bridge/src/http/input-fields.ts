import { LIMITS, MAX_TS } from '@flow-tracking/protocol';
import { z } from 'zod';

const MAX_LIMIT = 500;
const MAX_TEXT = 255;
const MAX_DURATION_MS = 1e12;

/** Values that one filter may have. */
const MAX_VALUES = 50;

/** What comes in a path or a query is text; given twice it is a list, which next to nothing here takes. */
export const text = (expected: string) => z.string(`${expected}, once`);

/** A number in the decimal form that people write: `z.coerce` would also take '', '0x10' and '1e9'. */
export const decimal = (expected: string) =>
  text(expected)
    .regex(/^-?\d+(\.\d+)?$/, expected)
    .transform(Number);

const TIME = 'expected epoch milliseconds or an ISO 8601 time';

/** A moment; gives epoch ms. */
export const time = text(TIME)
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
export const id = text(ID)
  .min(1, ID)
  .refine((given) => Buffer.byteLength(given) <= LIMITS.idBytes && !given.includes('\0'), ID)
  .meta({ minLength: 1, description: `At most ${LIMITS.idBytes} bytes` });

/** A filter that may be given several times; gives a list, of what passes one of them. */
export const many = <T extends z.ZodType>(one: T) =>
  z
    .preprocess(
      (given): unknown => (Array.isArray(given) ? given : [given]),
      z.array(one).max(MAX_VALUES, `expected at most ${MAX_VALUES} of them`),
    )
    .optional();

const SEARCH = `expected 1 to ${MAX_TEXT} characters, none of them a control character`;

export const search = text(SEARCH)
  .min(1, SEARCH)
  .max(MAX_TEXT, SEARCH)
  .refine((given) => !/\p{Cc}/u.test(given), SEARCH);

export const limit = (fallback: number) => {
  const expected = `expected a whole number from 1 to ${MAX_LIMIT}`;
  return decimal(expected)
    .pipe(z.int(expected).min(1, expected).max(MAX_LIMIT, expected))
    .default(fallback)
    .meta({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, description: `Default: ${fallback}` });
};

const CURSOR = 'expected the next_cursor of a page before';

export const cursor = text(CURSOR)
  .min(1, CURSOR)
  .max(200, CURSOR)
  .meta({ description: '`next_cursor` of the page before' });

const DURATION = `expected milliseconds from 0 to ${MAX_DURATION_MS}`;

export const minDuration = decimal(DURATION)
  .pipe(z.number().min(0, DURATION).max(MAX_DURATION_MS, DURATION))
  .optional();

export const userPath = z.strictObject({ userId: id });
export const noInput = z.strictObject({});
