import { z } from 'zod';
import { id, limit, many, minDuration } from '../../http/input-fields';

export const runningQuery = z.strictObject({
  user: many(id),
  service: many(id),
  checkpoint: many(id).meta({ description: 'Name of a checkpoint that is open' }),
  min_duration_ms: minDuration.meta({ type: 'number', minimum: 0, description: 'How long the flow has run already' }),
  limit: limit(100),
});
