import type { DataFrame } from '@grafana/data';
import { CHECKPOINTS_FRAME, FLOWS_FRAME } from '../../frames/fields';
import type { FlowLink } from '../../frames/links';
import { flowMeta, type FlowFrameMeta, type Notice } from '../../frames/meta';
import type { FlowNodes } from '../../frames/flow-nodes';
import type { PanelFlow } from '../../frames/panel-flow';
import { columnsOf, readSummary, type FlowSummary } from '../../frames/read-rows';
import { createNodeReader } from './node-reader';
import { isSameRecord } from './same-value';
import { createTraceReader } from './trace-reader';

/** What the panel has to draw. */
export interface PanelFlows {
  /** Newest first; the same array as long as none of them changes. */
  readonly flows: readonly PanelFlow[];
  /** Of the first flows frame of our datasource; null when the data is not ours. */
  readonly meta: FlowFrameMeta | null;
  /** Of all frames, each text once. */
  readonly notices: readonly Notice[];
  /** False when no frame holds flows or traces. */
  readonly recognized: boolean;
}

/** The links that the dashboard puts on a row of a frame. */
export type LinksOfRow = (frame: DataFrame, row: number) => readonly FlowLink[];

export interface PanelDataReader {
  /**
   * Reads the pairs of frames that our datasource gives, and traces of any other. What has not changed since the last reading is the same object: a
   * node, a flow; and a flow's nodes grow in place.
   */
  read(frames: readonly DataFrame[], linksOf?: LinksOfRow): PanelFlows;
}

/** A flow as it was read last. */
interface Known {
  readonly flow: PanelFlow;
  readonly summary: FlowSummary;
  /** Changes of its nodes that were known then. */
  readonly changes: number;
  /** Where it stands now, for its links. */
  readonly place: { frame: DataFrame; row: number };
}

const NO_LINKS: LinksOfRow = () => [];
const isSameList = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

/** One a panel: it remembers what it has read. */
export function createPanelDataReader(): PanelDataReader {
  const nodes = createNodeReader();
  const traceReader = createTraceReader();
  let known = new Map<string, Known>();
  let flows: readonly PanelFlow[] = [];
  let links = NO_LINKS;

  const toKnown = (summary: FlowSummary, own: FlowNodes, frame: DataFrame, row: number): Known => {
    const changes = own.journal.length;
    const before = known.get(summary.id);
    const place = before?.place ?? { frame, row };
    Object.assign(place, { frame, row });
    if (before?.flow.nodes === own && before.changes === changes && isSameRecord(before.summary, summary))
      return before;
    const flow: PanelFlow = {
      ...summary,
      checkpointCount: summary.checkpointCount ?? own.list.length,
      nodes: own,
      links: () => links(place.frame, place.row),
    };
    return { flow, summary, changes, place };
  };

  return {
    read(frames, linksOf = NO_LINKS) {
      links = linksOf;
      nodes.read(frames.filter((frame) => frame.name === CHECKPOINTS_FRAME));
      const read = new Map<string, Known>();
      const notices = new Map<string, Notice>();
      let meta: FlowFrameMeta | null = null;
      let recognized = false;
      for (const frame of frames) {
        if (frame.name !== FLOWS_FRAME) continue;
        recognized = true;
        meta ??= flowMeta(frame);
        for (const { severity, text } of frame.meta?.notices ?? []) notices.set(text, { severity, text });
        const table = columnsOf(frame);
        for (let row = 0; row < frame.length; row++) {
          const summary = readSummary(table, row);
          if (!read.has(summary.id)) {
            read.set(summary.id, toKnown(summary, nodes.nodesOf(summary.id), frame, row));
          }
        }
      }
      const traces = traceReader.read(frames);
      for (const { summary, place } of traces.traces) {
        const frame = traces.frames[place.frameIndex];
        if (frame === undefined || read.has(summary.id)) continue;
        read.set(summary.id, toKnown(summary, traceReader.nodesOf(summary.id), frame, place.row));
      }
      for (const notice of traces.notices) notices.set(notice.text, notice);
      recognized ||= traces.frames.length > 0;
      known = read;
      nodes.forget((flowId) => known.has(flowId));
      const newestFirst = [...known.values()]
        .map(({ flow }) => flow)
        .sort((a, b) => b.startedTs - a.startedTs || (a.id < b.id ? 1 : -1));
      if (!isSameList(flows, newestFirst)) flows = newestFirst;
      return { flows, meta, notices: [...notices.values()], recognized };
    },
  };
}
