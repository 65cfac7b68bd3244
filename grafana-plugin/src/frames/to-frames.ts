import type { DataFrame } from '@grafana/data';
import type { FlowView } from '@flow-tracking/protocol/model';
import type { CheckpointRecord } from '@flow-tracking/protocol';
import { checkpointColumns, flowColumns, toField, type Column, type FlowRow } from './columns';
import { CHECKPOINTS_FRAME, FLOWS_FRAME } from './fields';
import type { FlowFrameMeta, Notice, RowsMeta } from './meta';
import { createCostOf } from './prices';
import { costOfFlow } from './usage-tally';

/** Which panel Grafana's Explore draws them with; in a dashboard it says nothing. */
const IN_EXPLORE = { preferredVisualisationPluginId: 'flowtracking-flowtree-panel' } as const;

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
    meta: { ...IN_EXPLORE, custom: { ...meta }, ...(notices.length > 0 && { notices: [...notices] }) },
    fields: flowColumns(meta.prices ?? null).map((column) => toField(column, rows.map(column.value))),
  };
}

/** @param values of each of the columns; kept as they are, not copied */
export function checkpointsFrame(
  columns: readonly Column<CheckpointRecord>[],
  values: readonly unknown[][],
  refId: string,
  meta: RowsMeta,
): DataFrame {
  return {
    name: CHECKPOINTS_FRAME,
    refId,
    length: values[0]?.length ?? 0,
    meta: { ...IN_EXPLORE, custom: { ...meta } },
    fields: columns.map((column, i) => toField(column, values[i] ?? [])),
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
  const prices = meta.prices ?? null;
  const costOf = createCostOf(prices);
  const columns = checkpointColumns(prices, costOf);
  const values = columns.map((column) => checkpoints.map(column.value));
  const rows = views.map((view) => ({
    ...view,
    cost: prices === null ? null : costOfFlow(view.checkpoints, costOf),
  }));
  const rowsMeta: RowsMeta = { kind: 'flow-tracking-rows', revision: meta.revision, journal: [] };
  return [flowsFrame(rows, meta, refId, notices), checkpointsFrame(columns, values, refId, rowsMeta)];
}
