import type { DataFrame } from '@grafana/data';
import type { FlowView } from '@flow-tracking/protocol/model';
import { CHECKPOINT_COLUMNS, FLOW_COLUMNS, toField, type FlowRow } from './columns';
import { CHECKPOINTS_FRAME, FLOWS_FRAME } from './fields';
import type { FlowFrameMeta, Notice, RowsMeta } from './meta';

export function flowsFrame(
  rows: readonly FlowRow[],
  meta: FlowFrameMeta,
  refId: string,
  notices: readonly Notice[],
): DataFrame {
  return {
    name: FLOWS_FRAME,
    refId,
    length: rows.length,
    meta: { custom: { ...meta }, ...(notices.length > 0 && { notices: [...notices] }) },
    fields: FLOW_COLUMNS.map((column) => toField(column, rows.map(column.value))),
  };
}

/** @param columns values of each of {@link CHECKPOINT_COLUMNS}; kept as they are, not copied */
export function checkpointsFrame(columns: readonly unknown[][], refId: string, meta: RowsMeta): DataFrame {
  return {
    name: CHECKPOINTS_FRAME,
    refId,
    length: columns[0]?.length ?? 0,
    meta: { custom: { ...meta } },
    fields: CHECKPOINT_COLUMNS.map((column, i) => toField(column, columns[i] ?? [])),
  };
}

/** Flows and their checkpoints as two data frames, for an answer that does not grow. */
export function toFrames(
  views: readonly FlowView[],
  meta: FlowFrameMeta,
  refId: string,
  notices: readonly Notice[] = [],
): DataFrame[] {
  const checkpoints = views.flatMap((view) => view.checkpoints);
  const columns = CHECKPOINT_COLUMNS.map((column) => checkpoints.map(column.value));
  const rows: RowsMeta = { kind: 'flow-tracking-rows', revision: meta.revision, journal: [] };
  return [flowsFrame(views, meta, refId, notices), checkpointsFrame(columns, refId, rows)];
}
