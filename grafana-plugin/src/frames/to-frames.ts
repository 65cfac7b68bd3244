import type { DataFrame, Field, FieldType } from '@grafana/data';
import type { CheckpointRecord } from '@flow-tracking/protocol';
import { type FlowView, formatSeqs } from '@flow-tracking/protocol/model';
import { CHECKPOINT_FIELDS, CHECKPOINTS_FRAME, FLOW_FIELDS, FLOWS_FRAME } from './fields';
import type { FlowFrameMeta, Notice } from './meta';

// The types of fields by their values: so that this file, like the model, needs nothing of Grafana at run time.
const string = 'string' as FieldType.string;
const number = 'number' as FieldType.number;
const time = 'time' as FieldType.time;
const other = 'other' as FieldType.other;

function field<T>(name: string, type: FieldType, rows: readonly T[], value: (row: T) => unknown, unit?: string): Field {
  return { name, type, config: unit === undefined ? {} : { unit }, values: rows.map(value) };
}

/** A text that reads as a number stays as it is: ids may be `1e3` or `007`. */
const VERBATIM = 'string';

function flowsFrame(
  views: readonly FlowView[],
  meta: FlowFrameMeta,
  refId: string,
  notices: readonly Notice[],
): DataFrame {
  return {
    name: FLOWS_FRAME,
    refId,
    length: views.length,
    meta: { custom: { ...meta }, ...(notices.length > 0 && { notices: [...notices] }) },
    fields: [
      field(FLOW_FIELDS.startedTs, time, views, (view) => view.flow.started_ts),
      field(FLOW_FIELDS.name, string, views, (view) => view.flow.name),
      field(FLOW_FIELDS.status, string, views, (view) => view.flow.status),
      field(FLOW_FIELDS.durationMs, number, views, (view) => view.flow.duration_ms, 'ms'),
      field(FLOW_FIELDS.userId, string, views, (view) => view.flow.user_id, VERBATIM),
      field(FLOW_FIELDS.sessionId, string, views, (view) => view.flow.session_id, VERBATIM),
      field(FLOW_FIELDS.flowId, string, views, (view) => view.flow.flow_id, VERBATIM),
      field(FLOW_FIELDS.service, string, views, (view) => view.flow.service),
      field(FLOW_FIELDS.checkpointCount, number, views, (view) => view.flow.checkpoint_count),
      field(FLOW_FIELDS.errorCount, number, views, (view) => view.flow.error_count),
      field(FLOW_FIELDS.httpStatus, number, views, (view) => view.flow.http_status),
      field(FLOW_FIELDS.errorType, string, views, (view) => view.flow.error?.type ?? null),
      field(FLOW_FIELDS.errorMessage, string, views, (view) => view.flow.error?.message ?? null),
      field(FLOW_FIELDS.traceId, string, views, (view) => view.flow.trace_id),
      field(FLOW_FIELDS.attributes, other, views, (view) => view.flow.attributes),
      field(FLOW_FIELDS.missing, string, views, (view) => formatSeqs(view.missing)),
      field(FLOW_FIELDS.lastSeq, number, views, (view) => view.flow.last_seq),
    ],
  };
}

function checkpointsFrame(rows: readonly CheckpointRecord[], refId: string): DataFrame {
  return {
    name: CHECKPOINTS_FRAME,
    refId,
    length: rows.length,
    fields: [
      field(CHECKPOINT_FIELDS.startedTs, time, rows, (row) => row.started_ts),
      field(CHECKPOINT_FIELDS.endedTs, time, rows, (row) => row.ended_ts),
      field(CHECKPOINT_FIELDS.checkpoint, string, rows, (row) => row.checkpoint),
      field(CHECKPOINT_FIELDS.status, string, rows, (row) => row.status),
      field(CHECKPOINT_FIELDS.durationMs, number, rows, (row) => row.duration_ms, 'ms'),
      field(CHECKPOINT_FIELDS.flowId, string, rows, (row) => row.flow_id),
      field(CHECKPOINT_FIELDS.nodeId, number, rows, (row) => row.node_id),
      field(CHECKPOINT_FIELDS.parentId, number, rows, (row) => row.parent_id),
      field(CHECKPOINT_FIELDS.errorType, string, rows, (row) => row.error?.type ?? null),
      field(CHECKPOINT_FIELDS.errorMessage, string, rows, (row) => row.error?.message ?? null),
      field(CHECKPOINT_FIELDS.attributes, other, rows, (row) => row.attributes),
    ],
  };
}

/** Flows and their checkpoints as two data frames. */
export function toFrames(
  views: readonly FlowView[],
  meta: FlowFrameMeta,
  refId: string,
  notices: readonly Notice[] = [],
): DataFrame[] {
  const checkpoints = views.flatMap((view) => view.checkpoints);
  return [flowsFrame(views, meta, refId, notices), checkpointsFrame(checkpoints, refId)];
}
