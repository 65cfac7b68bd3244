import { z } from 'zod';
import { id } from '../http/input-fields';

const YES_OR_NO = 'expected true or false';

export const checksQuery = z.strictObject({
  user: id.optional().meta({ description: 'Whose monitoring is looked at, too' }),
  keep_flow: z
    .enum(['true', 'false'], YES_OR_NO)
    .default('false')
    .transform((given) => given === 'true')
    .meta({ description: 'true: the flow that is sent stays in history. Default: false' }),
});
