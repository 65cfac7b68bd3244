import type { ExportedFlow, FlowExport } from '@flow-tracking/protocol';
import { z } from 'zod';
import { object } from '../../http/answer-fields';
import { checkpointRecord, flowRecord } from '../record-answers';

export const exportedFlow = object<ExportedFlow>('ExportedFlow', {
  flow: flowRecord,
  checkpoints: z.array(checkpointRecord),
});

export const flowExport = object<FlowExport>('FlowExport', { flows: z.array(exportedFlow) });
