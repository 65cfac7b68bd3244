import { HISTOGRAM_MEASURES } from '@flow-tracking/protocol';
import { z } from 'zod';
import { decimal, id, limit, many, minDuration, text, time } from '../../http/input-fields';
import { usersQuery } from '../selectors/selectors-inputs';

const MAX_FACTOR = 1_000;
const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
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
