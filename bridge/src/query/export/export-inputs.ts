import { z } from 'zod';
import { id, many } from '../../http/input-fields';
import { flowFilters } from '../flow-filters-inputs';

export const exportQuery = z.strictObject({
  ...flowFilters,
  user: many(id),
  format: z
    .enum(['ndjson', 'json'], 'expected ndjson or json')
    .default('ndjson')
    .meta({ description: 'Default: ndjson' }),
});
