import { LIMITS } from '@flow-tracking/protocol';
import { z } from 'zod';
import { decimal, id, text } from '../http/input-fields';

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
