import { z } from 'zod';
import { cursor, id, limit, many } from '../../http/input-fields';
import { flowFilters } from '../flow-filters-inputs';

export const sessionPath = z.strictObject({ sessionId: id });
export const flowPath = z.strictObject({ flowId: id });
export const flowsOfUserQuery = z.strictObject({ ...flowFilters, cursor: cursor.optional(), limit: limit(50) });
export const flowsQuery = flowsOfUserQuery.extend({ user: many(id) });
export const detailQuery = z.strictObject({ cursor: cursor.optional() });
export const sessionQuery = detailQuery.extend({ session: id });
