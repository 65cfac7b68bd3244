import type { DataFrame } from '@grafana/data';
import { CHECKPOINT_FIELDS } from '../../frames/fields';
import { rowsMeta } from '../../frames/meta';
import type { PanelNode } from '../../frames/panel-flow';
import { columnsOf, readNode, type Columns } from '../../frames/read-rows';
import { createNodeStore, type NodeStore } from './node-store';

/** Reads checkpoints frames into the nodes of flows, which grow in place from one reading to the next. */
export interface NodeReader extends Pick<NodeStore, 'nodesOf' | 'forget'> {
  /** Only what has changed when the frames are those read before, grown; else all of them. */
  read(frames: readonly DataFrame[]): void;
}

/** A frame that was read, as far as it was read. */
interface Source {
  readonly columns: readonly (readonly unknown[] | undefined)[];
  readonly journal: readonly number[];
  readonly journalRead: number;
  readonly length: number;
  /** By flow, the nodes it gives, when frames come after it: of two that give the same node the first one counts. */
  readonly given: Map<string, Set<string>> | null;
}

/** The columns whose values make a node, and the flow that it is of. */
const COLUMN_NAMES = Object.values(CHECKPOINT_FIELDS);

const columnsIn = (table: Columns): Source['columns'] => COLUMN_NAMES.map((name) => table.values(name));

/** Whether it is the frame that was read before, and has only grown and changed by its journal. */
function isGrown(frame: DataFrame, source: Source | undefined): source is Source {
  if (source?.journal !== rowsMeta(frame)?.journal || frame.length < (source?.length ?? Infinity)) return false;
  return columnsIn(columnsOf(frame)).every((values, i) => values === source?.columns[i]);
}

export function createNodeReader(): NodeReader {
  const store = createNodeStore();
  /** One a frame; null when not all of them say what changes. */
  let sources: readonly Source[] | null = null;

  const remember = (frame: DataFrame, given: Source['given']): Source => {
    const journal = rowsMeta(frame)?.journal ?? [];
    return { columns: columnsIn(columnsOf(frame)), journal, journalRead: journal.length, length: frame.length, given };
  };

  const note = (given: Source['given'], flowId: string, nodeId: string): void => {
    const nodes = given?.get(flowId);
    if (nodes === undefined) given?.set(flowId, new Set([nodeId]));
    else nodes.add(nodeId);
  };

  /** Rows are new by the length that the frame has now, or changed by the journal, which may know of later ones. */
  const readChanges = (frame: DataFrame, source: Source, earlier: readonly Source[]): void => {
    const table = columnsOf(frame);
    const takeRow = (row: number): void => {
      const flowId = table.text(CHECKPOINT_FIELDS.flowId, row);
      if (flowId === null) return;
      const node = readNode(table, row);
      note(source.given, flowId, node.id);
      if (!earlier.some(({ given }) => given?.get(flowId)?.has(node.id))) store.put(flowId, node);
    };
    const { journal, journalRead, length } = source;
    for (let i = journalRead; i < journal.length; i++) {
      const row = journal[i] ?? length;
      if (row < length) takeRow(row);
    }
    for (let row = length; row < frame.length; row++) takeRow(row);
  };

  const readAll = (frames: readonly DataFrame[]): Source[] => {
    const read = new Map<string, Map<string, PanelNode>>();
    const made = frames.map((frame, i) => {
      const table = columnsOf(frame);
      const given = i < frames.length - 1 ? new Map<string, Set<string>>() : null;
      for (let row = 0; row < frame.length; row++) {
        const flowId = table.text(CHECKPOINT_FIELDS.flowId, row);
        if (flowId === null) continue;
        const own = read.get(flowId) ?? new Map<string, PanelNode>();
        read.set(flowId, own);
        const node = readNode(table, row);
        note(given, flowId, node.id);
        if (!own.has(node.id)) own.set(node.id, node);
      }
      return remember(frame, given);
    });
    store.replace(read);
    return made;
  };

  return {
    nodesOf: (flowId) => store.nodesOf(flowId),
    forget: (isShown) => store.forget(isShown),
    read(frames) {
      const before = sources;
      if (before?.length !== frames.length || !frames.every((frame, i) => isGrown(frame, before[i]))) {
        const made = readAll(frames);
        sources = frames.every((frame) => rowsMeta(frame) !== null) ? made : null;
        return;
      }
      for (const [i, frame] of frames.entries()) {
        const source = before[i];
        if (source !== undefined) readChanges(frame, source, before.slice(0, i));
      }
      sources = frames.map((frame, i) => remember(frame, before[i]?.given ?? null));
    },
  };
}
