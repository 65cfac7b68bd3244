import {
  CHECKPOINT_STATUSES,
  FLOW_STATUSES,
  type Attributes,
  type CheckpointStatus,
  type ErrorInfo,
  type FlowStatus,
} from '@flow-tracking/protocol';
import type { DataFrame, Field } from '@grafana/data';
import { CHECKPOINT_FIELDS, FLOW_FIELDS } from './fields';
import type { PanelFlow, PanelNode } from './panel-flow';

/** A frame's columns by name; a column that is not there reads as null. */
export function columnsOf(frame: DataFrame) {
  const byName = new Map<string, Field>(frame.fields.map((field) => [field.name, field]));
  const value = (name: string, row: number): unknown => byName.get(name)?.values[row] ?? null;
  return {
    values: (name: string): readonly unknown[] | undefined => byName.get(name)?.values,
    text: (name: string, row: number): string | null => {
      const found = value(name, row);
      return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : null;
    },
    number: (name: string, row: number): number | null => {
      const found = value(name, row);
      return typeof found === 'number' && Number.isFinite(found) ? found : null;
    },
    attributes: (name: string, row: number): Attributes => {
      const found = value(name, row);
      return typeof found === 'object' && found !== null ? (found as Attributes) : {};
    },
  };
}

export type Columns = ReturnType<typeof columnsOf>;

function readError(table: Columns, type: string, message: string, row: number): ErrorInfo | null {
  const text = table.text(message, row);
  const name = table.text(type, row);
  return text === null && name === null ? null : { type: name ?? 'Error', message: text ?? '' };
}

/** A row of a checkpoints frame. */
export function readNode(table: Columns, row: number): PanelNode {
  const status = table.text(CHECKPOINT_FIELDS.status, row);
  return {
    id: table.text(CHECKPOINT_FIELDS.nodeId, row) ?? String(row),
    parentId: table.text(CHECKPOINT_FIELDS.parentId, row),
    checkpoint: table.text(CHECKPOINT_FIELDS.checkpoint, row) ?? '',
    status: CHECKPOINT_STATUSES.find((known): known is CheckpointStatus => known === status) ?? 'ok',
    startedTs: table.number(CHECKPOINT_FIELDS.startedTs, row) ?? 0,
    endedTs: table.number(CHECKPOINT_FIELDS.endedTs, row),
    durationMs: table.number(CHECKPOINT_FIELDS.durationMs, row),
    error: readError(table, CHECKPOINT_FIELDS.errorType, CHECKPOINT_FIELDS.errorMessage, row),
    attributes: table.attributes(CHECKPOINT_FIELDS.attributes, row),
    cost: table.number(CHECKPOINT_FIELDS.cost, row),
  };
}

/** A row of a flows frame. */
export interface FlowSummary extends Omit<PanelFlow, 'nodes' | 'links' | 'checkpointCount'> {
  /** Null when the frame does not say it. */
  readonly checkpointCount: number | null;
}

export function readSummary(table: Columns, row: number): FlowSummary {
  const status = table.text(FLOW_FIELDS.status, row);
  return {
    id: table.text(FLOW_FIELDS.flowId, row) ?? String(row),
    sessionId: table.text(FLOW_FIELDS.sessionId, row),
    userId: table.text(FLOW_FIELDS.userId, row),
    name: table.text(FLOW_FIELDS.name, row) ?? '',
    service: table.text(FLOW_FIELDS.service, row) ?? '',
    status: FLOW_STATUSES.find((known): known is FlowStatus => known === status) ?? 'ok',
    startedTs: table.number(FLOW_FIELDS.startedTs, row) ?? 0,
    durationMs: table.number(FLOW_FIELDS.durationMs, row),
    httpStatus: table.number(FLOW_FIELDS.httpStatus, row),
    error: readError(table, FLOW_FIELDS.errorType, FLOW_FIELDS.errorMessage, row),
    traceId: table.text(FLOW_FIELDS.traceId, row),
    checkpointCount: table.number(FLOW_FIELDS.checkpointCount, row),
    errorCount: table.number(FLOW_FIELDS.errorCount, row) ?? 0,
    missing: table.text(FLOW_FIELDS.missing, row) ?? '',
    lastSeq: table.number(FLOW_FIELDS.lastSeq, row),
    attributes: table.attributes(FLOW_FIELDS.attributes, row),
  };
}
