import { z } from 'zod';
import { limit, search, time } from '../../http/input-fields';

/** Query of the lists of users and of services, and of that of checkpoints. */
export const usersQuery = z.strictObject({ from: time.optional(), q: search.optional(), limit: limit(100) });
