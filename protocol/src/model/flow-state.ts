import type { FlowEndEvent, FlowEvent, FlowIdentifiedEvent, FlowStartEvent, FlowStatus } from '../events';
import type { CheckpointRecord, FlowRecord } from '../record-fields';
import { keepSame, settle } from './join';
import { joinNodes, nodeOfEvent, nodeOfRecord, type NodeState } from './node-state';
import { EMPTY_SEQS, toSeqs, unionSeqs, type SeqSet } from './seq-set';

/** What is known of a flow but for its nodes, each source kept for itself so that their order does not matter. */
export interface FlowHead {
  readonly start: FlowStartEvent | null;
  /** The latest event that told a user. */
  readonly identified: FlowIdentifiedEvent | null;
  /** The latest of those that told a session. */
  readonly moved: FlowIdentifiedEvent | null;
  /** The latest of those that told a name. */
  readonly named: FlowIdentifiedEvent | null;
  readonly end: FlowEndEvent | null;
  /** The latest that history said. */
  readonly record: FlowRecord | null;
}

export const NO_HEAD: FlowHead = { start: null, identified: null, moved: null, named: null, end: null, record: null };

/** All that is known of one flow. */
export interface FlowState extends FlowHead {
  readonly flowId: string;
  readonly nodes: ReadonlyMap<number, NodeState>;
  /** The events that are known here, by themselves or through history. */
  readonly seen: SeqSet;
}

export function emptyFlow(flowId: string): FlowState {
  return { ...NO_HEAD, flowId, nodes: new Map(), seen: EMPTY_SEQS };
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

/** Joins an event into the head; the head itself when the event adds nothing. */
export function joinHead<H extends FlowHead>(head: H, event: FlowStartEvent | FlowIdentifiedEvent | FlowEndEvent): H {
  switch (event.type) {
    case 'flow_start': {
      const start = later(head.start, event);
      return start === head.start ? head : { ...head, start };
    }
    case 'flow_identified': {
      const identified = event.user_id === undefined ? head.identified : later(head.identified, event);
      const moved = event.session_id === undefined ? head.moved : later(head.moved, event);
      const named = event.name === undefined ? head.named : later(head.named, event);
      return keepSame(head, { ...head, identified, moved, named });
    }
    case 'flow_end': {
      const end = later(head.end, event);
      return end === head.end ? head : { ...head, end };
    }
  }
}

/** Joins what history says of the flow; the head itself when that adds nothing. */
export function joinHeadRecord<H extends FlowHead>(head: H, record: FlowRecord): H {
  return keepSame(head, { ...head, record: laterRecord(head.record, record) });
}

/** The events that history vouches for: all up to its last one, when it gave all checkpoints. */
export function seqsOfRecord(record: FlowRecord, complete: boolean): SeqSet {
  return complete && record.last_seq >= 0 ? [[0, record.last_seq]] : EMPTY_SEQS;
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

/** Joins events of one flow into what is known of it; the state itself when they add nothing. */
export function joinEvents(flow: FlowState, events: readonly FlowEvent[]): FlowState {
  let head = flow;
  const nodes = nodeWriter(flow.nodes);
  for (const event of events) {
    if ('node_id' in event) nodes.join(event.node_id, nodeOfEvent(event));
    else head = joinHead(head, event);
  }
  const seen = unionSeqs(flow.seen, toSeqs(events.map((event) => event.seq)));
  return keepSame(flow, { ...head, nodes: nodes.result(), seen });
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
  if (record === null) return keepSame(flow, { ...flow, nodes: nodes.result() });
  const seen = unionSeqs(flow.seen, seqsOfRecord(record, complete));
  return keepSame(flow, { ...joinHeadRecord(flow, record), nodes: nodes.result(), seen });
}
