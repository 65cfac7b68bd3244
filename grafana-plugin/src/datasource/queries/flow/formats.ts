import type { FlowView } from '@flow-tracking/protocol/model';
import type { DataFrame } from '@grafana/data';
import type { FlowFrameMeta, Notice } from '../../../frames/meta';
import { toFrames } from '../../../frames/to-frames';
import type { FlowFormat } from '../../types';
import { framesOf } from '../answer-once';
import { nodeGraphFrames } from './node-graph-frames';
import { traceFrame } from './trace-frame';

/** Makes frames of flows. */
export type ToFrames = (
  views: readonly FlowView[],
  meta: FlowFrameMeta,
  refId: string,
  notices: readonly Notice[],
) => DataFrame[];

const FORMATS: Readonly<Record<FlowFormat, ToFrames>> = {
  flows: toFrames,
  trace: (views, _meta, refId, notices) => framesOf({ frames: views.map(traceFrame), notices }, refId),
  'node-graph': (views, _meta, refId, notices) => {
    const graph = nodeGraphFrames(views);
    return framesOf({ frames: graph.frames, notices: [...notices, ...graph.notices] }, refId);
  },
};

export function framesIn(format: FlowFormat): ToFrames {
  return FORMATS[format];
}
