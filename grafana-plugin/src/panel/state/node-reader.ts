import type { DataFrame } from '@grafana/data';
import { CHECKPOINT_FIELDS } from '../../frames/fields';
import { createFlowNodes, type FlowNodesWriter } from '../../frames/flow-nodes';
import { rowsMeta } from '../../frames/meta';
import type { PanelNode } from '../../frames/panel-flow';
import { columnsOf, readNode, type Columns } from '../../frames/read-rows';
import { isSameRecord } from './same-value';

/** Reads checkpoints frames into the nodes of flows, which grow in place from one reading to the next. */
export interface NodeReader {
  /** Only what has changed when the frame is the one read before, grown; else all of it. */
  read(frames: readonly DataFrame[]): void;
  /** Of a flow that has none yet, empty ones that grow when they come. */
  nodesOf(flowId: string): FlowNodesWriter;
  /** Forgets flows without nodes that nobody shows. */
  forget(isShown: (flowId: string) => boolean): void;
}

/** The frame that was read last, as far as it was read. */
interface Source {
  readonly columns: readonly (readonly unknown[] | undefined)[];
  readonly journal: readonly number[];
  readonly journalRead: number;
  readonly length: number;
}

/** The columns whose values make a node, and the flow that it is of. */
const COLUMN_NAMES = Object.values(CHECKPOINT_FIELDS);

export function createNodeReader(): NodeReader {
  const byFlow = new Map<string, FlowNodesWriter>();
  let source: Source | null = null;

  const nodesOf = (flowId: string): FlowNodesWriter => {
    let nodes = byFlow.get(flowId);
    if (nodes === undefined) {
      nodes = createFlowNodes();
      byFlow.set(flowId, nodes);
    }
    return nodes;
  };

  /** The node that is there already when it is the same. */
  const keep = (nodes: FlowNodesWriter | undefined, node: PanelNode): PanelNode => {
    const known = nodes?.list[nodes.indexOf(node.id) ?? -1];
    return known !== undefined && isSameRecord(known, node) ? known : node;
  };

  const takeRow = (table: Columns, row: number): void => {
    const flowId = table.text(CHECKPOINT_FIELDS.flowId, row);
    if (flowId === null) return;
    const nodes = nodesOf(flowId);
    nodes.put(keep(nodes, readNode(table, row)));
  };

  /** Rows are new by the length that the frame has now, or changed by the journal, which may know of later ones. */
  const readChanges = (frame: DataFrame, table: Columns, { journal, journalRead, length }: Source): void => {
    for (let i = journalRead; i < journal.length; i++) {
      const row = journal[i] ?? length;
      if (row < length) takeRow(table, row);
    }
    for (let row = length; row < frame.length; row++) takeRow(table, row);
  };

  const readAll = (frames: readonly DataFrame[]): void => {
    const read = new Map<string, Map<string, PanelNode>>();
    for (const frame of frames) {
      const table = columnsOf(frame);
      for (let row = 0; row < frame.length; row++) {
        const flowId = table.text(CHECKPOINT_FIELDS.flowId, row);
        if (flowId === null) continue;
        const own = read.get(flowId) ?? new Map<string, PanelNode>();
        read.set(flowId, own);
        const node = readNode(table, row);
        // Two queries of one panel may give the same flow.
        if (!own.has(node.id)) own.set(node.id, keep(byFlow.get(flowId), node));
      }
    }
    for (const [flowId, nodes] of byFlow) {
      const own = read.get(flowId);
      // Who follows these nodes can't take one away, so a flow that lost some gets others.
      if (nodes.list.some((node) => own?.has(node.id) !== true)) byFlow.delete(flowId);
    }
    for (const [flowId, own] of read) {
      const nodes = nodesOf(flowId);
      for (const node of own.values()) nodes.put(node);
    }
  };

  return {
    nodesOf,
    read(frames) {
      const [frame] = frames;
      const journal = frame === undefined || frames.length > 1 ? undefined : rowsMeta(frame)?.journal;
      if (frame === undefined || journal === undefined) {
        source = null;
        readAll(frames);
        return;
      }
      const table = columnsOf(frame);
      const columns = COLUMN_NAMES.map((name) => table.values(name));
      const isGrown =
        source?.journal === journal &&
        frame.length >= source.length &&
        columns.every((values, i) => values === source?.columns[i]);
      if (source !== null && isGrown) readChanges(frame, table, source);
      else readAll(frames);
      source = { columns, journal, journalRead: journal.length, length: frame.length };
    },
    forget(isShown) {
      for (const [flowId, nodes] of byFlow) if (nodes.list.length === 0 && !isShown(flowId)) byFlow.delete(flowId);
    },
  };
}
