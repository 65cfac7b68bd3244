import { AUDIT_ACTIONS } from '@flow-tracking/protocol';
import { z } from 'zod';
import { cursor, decimal, id, limit, text, time } from '../http/input-fields';

const MAX_TTL_HOURS = 168;
const MAX_REASON = 500;
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

export const auditQuery = z.strictObject({
  user: id.optional(),
  action: z.enum(AUDIT_ACTIONS, `expected one of ${AUDIT_ACTIONS.join(', ')}`).optional(),
  from: time.optional(),
  to: time.optional(),
  cursor: cursor.optional(),
  limit: limit(50),
});
