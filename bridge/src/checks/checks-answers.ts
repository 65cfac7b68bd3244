import { CHECK_STATUSES, type Check, type CheckList } from '@flow-tracking/protocol';
import { z } from 'zod';
import { object, text, textOrNull } from '../http/answer-fields';

const check = object<Check>('Check', {
  id: text,
  title: text,
  status: z.enum(CHECK_STATUSES),
  detail: text,
  fix: textOrNull.meta({ description: 'What to do; null when there is nothing to do' }),
});

export const checkList = object<CheckList>('CheckList', {
  checks: z.array(check),
  flow_id: textOrNull.meta({ description: 'With `keep_flow`, the flow that was sent' }),
});

export const health = z
  .strictObject({
    status: z.literal('ok'),
    protocol: z.int().meta({ description: 'Version of the protocol that the bridge speaks' }),
  })
  .meta({ id: 'Health' });

export const readiness = z
  .strictObject({ status: z.enum(['ok', 'unavailable', 'stopping']), checks: z.record(z.string(), z.string()) })
  .meta({ id: 'Readiness', description: 'Of each part: ok, or why not' });
