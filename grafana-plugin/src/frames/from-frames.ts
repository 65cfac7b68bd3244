import {
  CHECKPOINT_STATUSES,
  FLOW_STATUSES,
  type Attributes,
  type CheckpointStatus,
  type ErrorInfo,
  type FlowStatus,
} from '@flow-tracking/protocol';
import type { DataFrame, Field } from '@grafana/data';
import { CHECKPOINT_FIELDS, CHECKPOINTS_FRAME, FLOW_FIELDS, FLOWS_FRAME } from './fields';
import { createFlowNodes } from './flow-nodes';
import type { FlowLink } from './links';
import { flowMeta, type FlowFrameMeta, type Notice } from './meta';
import type { PanelFlow, PanelNode } from './panel-flow';

/** What the panel has to draw. */
export interface PanelFlows {
  /** Newest first. */
  readonly flows: readonly PanelFlow[];
  /** Of the first flows frame of our datasource; null when the data is not ours. */
  readonly meta: FlowFrameMeta | null;
  /** Of all frames, each text once. */
  readonly notices: readonly Notice[];
  /** False when no frame holds flows. */
  readonly recognized: boolean;
}

/** A frame's columns by name; a column that is not there reads as null. */
function columns(frame: DataFrame) {
  const byName = new Map<string, Field>(frame.fields.map((field) => [field.name, field]));
  const value = (name: string, row: number): unknown => byName.get(name)?.values[row] ?? null;
  return {
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

type Columns = ReturnType<typeof columns>;

function readError(table: Columns, type: string, message: string, row: number): ErrorInfo | null {
  const text = table.text(message, row);
  const name = table.text(type, row);
  return text === null && name === null ? null : { type: name ?? 'Error', message: text ?? '' };
}

function readNode(table: Columns, row: number): PanelNode {
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
  };
}

function readFlow(
  table: Columns,
  row: number,
  nodes: ReadonlyMap<string, PanelNode[]>,
  links: () => readonly FlowLink[],
): PanelFlow {
  const id = table.text(FLOW_FIELDS.flowId, row) ?? String(row);
  const status = table.text(FLOW_FIELDS.status, row);
  const own = createFlowNodes(nodes.get(id));
  return {
    id,
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
    checkpointCount: table.number(FLOW_FIELDS.checkpointCount, row) ?? own.list.length,
    errorCount: table.number(FLOW_FIELDS.errorCount, row) ?? 0,
    missing: table.text(FLOW_FIELDS.missing, row) ?? '',
    lastSeq: table.number(FLOW_FIELDS.lastSeq, row),
    attributes: table.attributes(FLOW_FIELDS.attributes, row),
    nodes: own,
    links,
  };
}

/**
 * Reads the pair of frames that our datasource gives. Trace-shaped frames get a reader of their own beside it.
 *
 * @param linksOf the links that the dashboard puts on a row of a frame
 */
export function readFlowFrames(
  frames: readonly DataFrame[],
  linksOf: (frame: DataFrame, row: number) => readonly FlowLink[] = () => [],
): PanelFlows {
  const nodes = new Map<string, PanelNode[]>();
  const seen = new Set<string>();
  for (const frame of frames) {
    if (frame.name !== CHECKPOINTS_FRAME) continue;
    const table = columns(frame);
    for (let row = 0; row < frame.length; row++) {
      const flowId = table.text(CHECKPOINT_FIELDS.flowId, row);
      const node = readNode(table, row);
      // Two queries of one panel may give the same flow.
      const key = `${flowId} ${node.id}`;
      if (flowId === null || seen.has(key)) continue;
      seen.add(key);
      const own = nodes.get(flowId);
      if (own === undefined) nodes.set(flowId, [node]);
      else own.push(node);
    }
  }
  const flows = new Map<string, PanelFlow>();
  let meta: FlowFrameMeta | null = null;
  const notices = new Map<string, Notice>();
  let recognized = false;
  for (const frame of frames) {
    if (frame.name !== FLOWS_FRAME) continue;
    recognized = true;
    meta ??= flowMeta(frame);
    for (const { severity, text } of frame.meta?.notices ?? []) notices.set(text, { severity, text });
    const table = columns(frame);
    for (let row = 0; row < frame.length; row++) {
      const flow = readFlow(table, row, nodes, () => linksOf(frame, row));
      if (!flows.has(flow.id)) flows.set(flow.id, flow);
    }
  }
  const newestFirst = [...flows.values()].sort((a, b) => b.startedTs - a.startedTs || (a.id < b.id ? 1 : -1));
  return { flows: newestFirst, meta, notices: [...notices.values()], recognized };
}
