import type { FlowEvent } from '../events';
import type { CheckpointRecord, FlowRecord } from '../record-fields';
import { joinHead, joinHeadRecord, NO_HEAD, seqsOfRecord } from './flow-state';
import { outcomeOf, recordOf, type ViewedOutcome } from './flow-view';
import { createGrowingSeqs } from './growing-seqs';
import { keepSame } from './join';
import { isOpen, joinNodes, nodeOfEvent, nodeOfRecord, viewNode, type NodeState } from './node-state';
import type { SeqSet } from './seq-set';

/** One flow of a store. What it gives stays the same object as long as it does not change. */
export interface StoredFlow {
  readonly flowId: string;
  readonly nodeCount: number;
  /** The flow as history would give it. */
  record(): FlowRecord;
  /** Events that have not come yet, and that history does not have either. */
  missing(): SeqSet;
  /**
   * Ids of the nodes that were added or changed, in that order, from the very first on: each reader remembers how far it
   * has read. Always the same array.
   */
  changes(): readonly number[];
  /** A node as history would give it; undefined when it is not known. */
  checkpoint(nodeId: number): CheckpointRecord | undefined;
}

/** Each method says whether it added anything. */
export interface StoredFlowWriter extends StoredFlow {
  joinEvent(event: FlowEvent): boolean;
  joinCheckpoint(checkpoint: CheckpointRecord): boolean;
  /** @param complete all checkpoints that history has come with it: every event up to its last one is known */
  joinRecord(record: FlowRecord, complete: boolean): boolean;
}

/**
 * A flow that is changed in place. Joining costs the same however large the flow is; what is seen of it is derived when
 * someone looks, and only of the nodes that have changed since.
 */
export function createStoredFlow(flowId: string): StoredFlowWriter {
  let head = NO_HEAD;
  const nodes = new Map<number, NodeState>();
  const seqs = createGrowingSeqs();
  /** Nodes that no event has ended: only these are seen differently when the flow's outcome changes. */
  const open = new Map<number, NodeState>();

  const views = new Map<number, CheckpointRecord>();
  const changes: number[] = [];
  let errors = 0;
  let outcome: ViewedOutcome = outcomeOf(flowId, head, seqs.last());
  let record = recordOf(outcome, head, { nodes: 0, errors: 0, seenSeq: seqs.last() });
  /** Nodes to be derived again. */
  const stale = new Map<number, NodeState>();
  /** Something was joined that `record` does not show yet. */
  let isStale = false;

  const joinNode = (nodeId: number, node: NodeState): boolean => {
    const current = nodes.get(nodeId);
    const joined = current === undefined ? node : joinNodes(current, node);
    if (joined === current) return false;
    nodes.set(nodeId, joined);
    if (isOpen(joined)) open.set(nodeId, joined);
    else open.delete(nodeId);
    stale.set(nodeId, joined);
    return true;
  };

  const derive = (nodeId: number, node: NodeState): void => {
    const before = views.get(nodeId);
    const derived = viewNode(outcome, nodeId, node);
    const after = before === undefined ? derived : keepSame(before, derived);
    if (after === before) return;
    errors += Number(after.status === 'error') - Number(before?.status === 'error');
    views.set(nodeId, after);
    changes.push(nodeId);
  };

  /** Brings up to date what is seen, which is what everyone who looks calls first. */
  const update = (): FlowRecord => {
    if (!isStale) return record;
    isStale = false;
    const seenSeq = seqs.last();
    const before = outcome;
    outcome = keepSame(before, outcomeOf(flowId, head, seenSeq));
    if (outcome !== before) for (const [nodeId, node] of open) stale.set(nodeId, node);
    for (const [nodeId, node] of stale) derive(nodeId, node);
    stale.clear();
    record = keepSame(record, recordOf(outcome, head, { nodes: nodes.size, errors, seenSeq }));
    return record;
  };

  const note = (isNew: boolean): boolean => {
    if (isNew) isStale = true;
    return isNew;
  };

  return {
    flowId,
    get nodeCount() {
      return nodes.size;
    },
    record: update,
    missing: () => seqs.missing(),
    changes() {
      update();
      return changes;
    },
    checkpoint(nodeId) {
      update();
      return views.get(nodeId);
    },
    joinEvent(event) {
      const before = head;
      const isNewSeq = seqs.add(event.seq, event.seq);
      if ('node_id' in event) return note(joinNode(event.node_id, nodeOfEvent(event)) || isNewSeq);
      head = joinHead(head, event);
      return note(head !== before || isNewSeq);
    },
    joinCheckpoint: (checkpoint) => note(joinNode(checkpoint.node_id, nodeOfRecord(checkpoint))),
    joinRecord(newRecord, complete) {
      const before = head;
      head = joinHeadRecord(head, newRecord);
      const known = seqsOfRecord(newRecord, complete).filter(([from, to]) => seqs.add(from, to));
      return note(head !== before || known.length > 0);
    },
  };
}
