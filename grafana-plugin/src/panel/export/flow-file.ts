import { ATTRIBUTES, type CheckpointRecord, type FlowDetail, type FlowRecord } from '@flow-tracking/protocol';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { followPages } from '../../datasource/follow-pages';
import { t } from '../../texts/t';

/** What is written: as `GET /api/v1/flows/:flowId` answers, in one page, and what is not in it. */
export type FlowFile = FlowDetail & {
  /** Why this is not all of the flow, in words; only when it is not. */
  readonly incomplete?: string;
};

/** Reads a page of a flow from history. */
export type LoadFlow = (flowId: string, cursor: string | undefined) => Promise<FlowDetail>;

/** Ids of traces are texts; those of the contract are numbers. */
function nodeId(id: string): number {
  return (/^\d{1,15}$/.test(id) ? Number(id) : id) as number;
}

function toCheckpoint({ id: flowId, lastSeq }: PanelFlow, node: PanelNode): CheckpointRecord {
  return {
    flow_id: flowId,
    node_id: nodeId(node.id),
    parent_id: node.parentId === null ? null : nodeId(node.parentId),
    checkpoint: node.checkpoint,
    status: node.status,
    started_ts: node.startedTs,
    ended_ts: node.endedTs,
    duration_ms: node.durationMs,
    attributes: node.attributes,
    error: node.error,
    // The panel knows only that an event has ended it, at the latest the last one.
    end_seq: node.endedTs === null || ATTRIBUTES.unended in node.attributes ? null : lastSeq,
  };
}

function toRecord(flow: PanelFlow): FlowRecord {
  return {
    flow_id: flow.id,
    session_id: flow.sessionId ?? '',
    user_id: flow.userId,
    name: flow.name,
    service: flow.service,
    instance: '',
    status: flow.status,
    started_ts: flow.startedTs,
    ended_ts: flow.durationMs === null ? null : flow.startedTs + flow.durationMs,
    duration_ms: flow.durationMs,
    http_status: flow.httpStatus,
    error: flow.error,
    trace_id: flow.traceId,
    attributes: flow.attributes,
    checkpoint_count: flow.checkpointCount,
    error_count: flow.errorCount,
    input_tokens: null,
    output_tokens: null,
    last_seq: flow.lastSeq ?? -1,
  };
}

/** The flow as the panel has it, in the contract's shape: what the panel does not know is null, or empty. */
export function panelFlowFile(flow: PanelFlow, why: string): FlowFile {
  const said = [why];
  if (flow.missing !== '') said.push(t('export.events-missing', { events: flow.missing }));
  const loaded = flow.nodes.list.length;
  if (loaded < flow.checkpointCount) {
    said.push(t('export.partly-loaded', { loaded, all: flow.checkpointCount }));
  }
  const incomplete = said.filter((text) => text !== '').join(' ');
  return {
    flow: toRecord(flow),
    checkpoints: flow.nodes.list.map((node) => toCheckpoint(flow, node)),
    next_cursor: null,
    ...(incomplete === '' ? {} : { incomplete }),
  };
}

async function readAll(flowId: string, load: LoadFlow): Promise<FlowDetail> {
  const checkpoints: CheckpointRecord[] = [];
  const pages: FlowDetail[] = [];
  await followPages(
    (cursor) => load(flowId, cursor),
    (page) => {
      pages[0] = page;
      for (const checkpoint of page.checkpoints) checkpoints.push(checkpoint);
      return false;
    },
  );
  const [last] = pages;
  if (last === undefined) throw new Error(t('export.no-answer'));
  return { flow: last.flow, checkpoints, next_cursor: null };
}

/**
 * All of the flow: from history, which knows more than the panel does, or as the panel has it where history is behind or
 * does not answer. Never rejects.
 *
 * @param load null where the flow is not from a bridge
 */
export async function readFlowFile(flow: PanelFlow, load: LoadFlow | null): Promise<FlowFile> {
  if (load === null) return panelFlowFile(flow, '');
  try {
    const all = await readAll(flow.id, load);
    if (all.flow.last_seq < (flow.lastSeq ?? -1)) {
      return panelFlowFile(flow, t('export.history-behind'));
    }
    const { length } = all.checkpoints;
    if (length >= all.flow.checkpoint_count) return all;
    return { ...all, incomplete: t('export.history-incomplete', { held: length, all: all.flow.checkpoint_count }) };
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    return panelFlowFile(flow, t('export.history-unread', { reason }));
  }
}
