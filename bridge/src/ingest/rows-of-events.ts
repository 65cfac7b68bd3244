import { ATTRIBUTES, type FlowEvent } from '@flow-tracking/protocol';
import {
  joinHead,
  joinNodes,
  NO_HEAD,
  nodeOfEvent,
  outcomeOf,
  recordOf,
  viewNode,
  type FlowHead,
  type NodeState,
} from '@flow-tracking/protocol/model';
import { cleanText } from '../platform/postgres/clean-json';
import { flowDay } from '../platform/postgres/flow-key';
import { tokensOf } from './call-facts';
import type { CheckpointRow, FlowRow } from './rows';

/** The rows that a batch of events comes to: one a flow, one a node, sorted by key. */
export interface Rows {
  flows: FlowRow[];
  checkpoints: CheckpointRow[];
}

/** One flow of a batch. */
interface BatchFlow {
  head: FlowHead;
  nodes: Map<number, NodeState>;
  lastSeq: number;
  lastEventTs: number;
}

/**
 * A statement can't touch a row twice, so the events of a batch are joined first, by the model's rule. Any order gives the
 * same.
 */
export function rowsOfEvents(events: readonly FlowEvent[]): Rows {
  const rows: Rows = { flows: [], checkpoints: [] };
  const byId = [...joinByFlow(events)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [flowId, flow] of byId) {
    const day = flowDay(flowId);
    const checkpoints = checkpointRows(flowId, day, flow.nodes);
    rows.flows.push(flowRow(flowId, day, flow, checkpoints));
    for (const checkpoint of checkpoints) rows.checkpoints.push(checkpoint);
  }
  return rows;
}

function joinByFlow(events: readonly FlowEvent[]): Map<string, BatchFlow> {
  const flows = new Map<string, BatchFlow>();
  for (const event of events) {
    let flow = flows.get(event.flow_id);
    if (flow === undefined) {
      flow = { head: NO_HEAD, nodes: new Map(), lastSeq: event.seq, lastEventTs: event.ts };
      flows.set(event.flow_id, flow);
    }
    flow.lastSeq = Math.max(flow.lastSeq, event.seq);
    flow.lastEventTs = Math.max(flow.lastEventTs, event.ts);
    if (event.type === 'checkpoint' || event.type === 'checkpoint_end') {
      const node = nodeOfEvent(event);
      const known = flow.nodes.get(event.node_id);
      flow.nodes.set(event.node_id, known === undefined ? node : joinNodes(known, node));
    } else flow.head = joinHead(flow.head, event);
  }
  return flows;
}

function flowRow(flowId: string, day: string, flow: BatchFlow, checkpoints: readonly CheckpointRow[]): FlowRow {
  const { head, lastSeq } = flow;
  const counts = {
    nodes: checkpoints.length,
    errors: checkpoints.filter(({ status }) => status === 'error').length,
    seenSeq: lastSeq,
  };
  const { start, identified, moved, named } = head;
  // A record is made for this row alone, so it becomes the row: copies cost as much as all else here.
  return Object.assign(recordOf(outcomeOf(flowId, head, lastSeq), head, counts), {
    flow_day: day,
    session_seq: moved?.seq ?? start?.seq ?? -1,
    user_seq: identified?.seq ?? (start?.user_id === undefined ? -1 : start.seq),
    name_seq: named?.seq ?? start?.seq ?? -1,
    input_tokens: sumOf(checkpoints, 'input_tokens'),
    output_tokens: sumOf(checkpoints, 'output_tokens'),
    last_event_ts: flow.lastEventTs,
  });
}

/** Null: none told of any. */
function sumOf(checkpoints: readonly CheckpointRow[], tokens: 'input_tokens' | 'output_tokens'): number | null {
  return checkpoints.reduce<number | null>(
    (sum, { [tokens]: more }) => (more === null ? sum : (sum ?? 0) + more),
    null,
  );
}

function checkpointRows(flowId: string, day: string, nodes: ReadonlyMap<number, NodeState>): CheckpointRow[] {
  // Whether its flow ends a checkpoint is up to all that is known of both, not to a batch.
  const outcome = { flow_id: flowId, status: 'running', ended_ts: null, error: null } as const;
  const tokens = ({ begin, end }: NodeState, name: string): number | null =>
    tokensOf(end?.attributes, name) ?? tokensOf(begin?.attributes, name);
  return [...nodes]
    .sort(([a], [b]) => a - b)
    .map(([nodeId, node]) => {
      const record = viewNode(outcome, nodeId, node);
      return Object.assign(record, {
        flow_day: day,
        // Statistics and metrics have the name that history has.
        checkpoint: cleanText(record.checkpoint),
        input_tokens: tokens(node, ATTRIBUTES.inputTokens),
        output_tokens: tokens(node, ATTRIBUTES.outputTokens),
      });
    });
}
