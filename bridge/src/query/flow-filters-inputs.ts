import { FLOW_STATUSES } from '@flow-tracking/protocol';
import { z } from 'zod';
import { id, many, minDuration, search, time } from '../http/input-fields';

/** Filters of flows. Of several values of one, a flow has one; of several filters it passes all. */
export const flowFilters = {
  session: many(id),
  service: many(id),
  status: many(z.enum(FLOW_STATUSES, `expected one of ${FLOW_STATUSES.join(', ')}`)),
  checkpoint: many(id).meta({ description: 'Name of a checkpoint that the flow has' }),
  min_duration_ms: minDuration.meta({
    type: 'number',
    minimum: 0,
    description: 'Of a flow that still runs: how long it has run already',
  }),
  from: time.optional(),
  to: time.optional(),
  q: search.optional().meta({
    description:
      "Contained, in upper or lower case, in the flow's, session's or user's id, the name, the trace id or the error's " +
      'message. With q, checkpoint or min_duration_ms, or service without user and session, from is 7 days before to unless it is given',
  }),
};
