import type { OpenCheckpoint, RunningFlow, RunningFlows } from '@flow-tracking/protocol';
import { z } from 'zod';
import { numberOrNull, object, text, ts, whole } from '../../http/answer-fields';
import { attributes, flowRecord } from '../record-answers';

const openCheckpoint = object<OpenCheckpoint>('OpenCheckpoint', {
  node_id: whole,
  parent_id: numberOrNull,
  checkpoint: text,
  started_ts: ts,
  attributes,
});

export const runningFlows = object<RunningFlows>('RunningFlows', {
  now_ts: ts,
  flows: z.array(
    object<RunningFlow>('RunningFlow', {
      flow: flowRecord,
      open: z.array(openCheckpoint).meta({ description: 'What it waits for, the longest first; at most five' }),
      open_count: whole,
    }),
  ),
  has_more: z.boolean(),
});
