import type { FlowEndEvent, FlowEvent, FlowIdentifiedEvent, FlowStartEvent, FlowStatus } from '../events';
import type { CheckpointRecord, FlowRecord } from '../http';
import { settle } from './join';
import { joinNodes, nodeOfBegin, nodeOfEnd, nodeOfRecord, type NodeState } from './node-state';
import { EMPTY_SEQS, toSeqs, unionSeqs, type SeqSet } from './seq-set';

/** All that is known of one flow, each source kept for itself so that their order does not matter. */
export interface FlowState {
  readonly flowId: string;
  readonly start: FlowStartEvent | null;
  readonly identified: FlowIdentifiedEvent | null;
  readonly end: FlowEndEvent | null;
  /** The latest that history said. */
  readonly record: FlowRecord | null;
  readonly nodes: ReadonlyMap<number, NodeState>;
  /** The events that are known here, by themselves or through history. */
  readonly seen: SeqSet;
}

export function emptyFlow(flowId: string): FlowState {
  return { flowId, start: null, identified: null, end: null, record: null, nodes: new Map(), seen: EMPTY_SEQS };
}

/** The one with the higher seq; of two with the same, always the same one, whichever comes first. */
function later<T extends FlowEvent>(a: T | null, b: T): T {
  if (a === null || b.seq > a.seq) return b;
  return b.seq < a.seq ? a : settle(a, b);
}

const RECORD_STATUS_RANK: Partial<Record<FlowStatus, number>> = { running: 0, lost: 1 };

/** How much a record of history knows, most telling first. */
function knowledge(record: FlowRecord): number[] {
  return [
    record.last_seq,
    RECORD_STATUS_RANK[record.status] ?? 2,
    record.checkpoint_count,
    Object.values(record).filter((value) => value !== null && value !== '').length,
  ];
}

/** History only moves forward: the record that knows more. */
function laterRecord(a: FlowRecord | null, b: FlowRecord): FlowRecord {
  if (a === null) return b;
  const knownByA = knowledge(a);
  const difference = knowledge(b)
    .map((value, i) => value - (knownByA[i] ?? 0))
    .find((value) => value !== 0);
  if (difference === undefined) return settle(a, b);
  return difference > 0 ? b : a;
}

/** A copy of the nodes, made only when one of them changes. */
function nodeWriter(nodes: ReadonlyMap<number, NodeState>) {
  let copy: Map<number, NodeState> | undefined;
  return {
    join(nodeId: number, node: NodeState): void {
      const current = (copy ?? nodes).get(nodeId);
      const joined = current === undefined ? node : joinNodes(current, node);
      if (joined === current) return;
      copy ??= new Map(nodes);
      copy.set(nodeId, joined);
    },
    result: (): ReadonlyMap<number, NodeState> => copy ?? nodes,
  };
}

function changed(before: FlowState, after: FlowState): FlowState {
  const keys = Object.keys(after) as (keyof FlowState)[];
  return keys.every((key) => before[key] === after[key]) ? before : after;
}

/** Joins events of one flow into what is known of it; the state itself when they add nothing. */
export function joinEvents(flow: FlowState, events: readonly FlowEvent[]): FlowState {
  let { start, identified, end } = flow;
  const nodes = nodeWriter(flow.nodes);
  for (const event of events) {
    switch (event.type) {
      case 'flow_start':
        start = later(start, event);
        break;
      case 'flow_identified':
        identified = later(identified, event);
        break;
      case 'flow_end':
        end = later(end, event);
        break;
      case 'checkpoint':
        nodes.join(event.node_id, nodeOfBegin(event));
        break;
      case 'checkpoint_end':
        nodes.join(event.node_id, nodeOfEnd(event));
        break;
    }
  }
  const seen = unionSeqs(flow.seen, toSeqs(events.map((event) => event.seq)));
  return changed(flow, { ...flow, start, identified, end, nodes: nodes.result(), seen });
}

/**
 * Joins what history says of one flow.
 *
 * @param complete the checkpoints are all that history has: then every event up to `last_seq` is known
 */
export function joinRecord(
  flow: FlowState,
  record: FlowRecord | null,
  checkpoints: readonly CheckpointRecord[],
  complete: boolean,
): FlowState {
  const nodes = nodeWriter(flow.nodes);
  for (const checkpoint of checkpoints) nodes.join(checkpoint.node_id, nodeOfRecord(checkpoint));
  const known: SeqSet = record !== null && complete && record.last_seq >= 0 ? [[0, record.last_seq]] : EMPTY_SEQS;
  return changed(flow, {
    ...flow,
    record: record === null ? flow.record : laterRecord(flow.record, record),
    nodes: nodes.result(),
    seen: unionSeqs(flow.seen, known),
  });
}
