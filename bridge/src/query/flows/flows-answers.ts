import type { FlowDetail, FlowPage, SessionDetail } from '@flow-tracking/protocol';
import { z } from 'zod';
import { nextCursor, object, text } from '../../http/answer-fields';
import { checkpointRecord, flowRecord } from '../record-answers';

export const flowPage = object<FlowPage>('FlowPage', { flows: z.array(flowRecord), next_cursor: nextCursor });

export const sessionDetail = object<SessionDetail>('SessionDetail', {
  session_id: text,
  flows: z.array(flowRecord),
  checkpoints: z.array(checkpointRecord),
  next_cursor: nextCursor,
});

export const flowDetail = object<FlowDetail>('FlowDetail', {
  flow: flowRecord,
  checkpoints: z.array(checkpointRecord),
  next_cursor: nextCursor,
});
