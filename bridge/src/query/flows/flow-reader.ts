import type { CheckpointRecord, FlowRecord } from '@flow-tracking/protocol';
import { flowDay, type FlowKey } from '../../platform/postgres/flow-key';
import type { Pool } from '../../platform/postgres/pool';
import { listCheckpoints, listCheckpointsAfter } from './checkpoints-store';

/** JSON that one read brings at most: an answer grows by so much at a time. */
export const READ_BYTES = 1024 * 1024;
/** Checkpoints that are read together. A read that ends at its bytes has made Postgres look at all of them. */
const FIRST_ROWS = 250;
const MOST_ROWS = 4_000;
/** Checkpoints of several flows that are read together. */
const GROUP_CHECKPOINTS = 1_000;

/** Some checkpoints of a flow, or all of them. */
export interface FlowPart {
  flow: FlowRecord;
  checkpoints: CheckpointRecord[];
  /** About what the checkpoints take as JSON. */
  bytes: number;
  isFirst: boolean;
  /** False: more checkpoints follow the last one of these. */
  isLast: boolean;
}

export const keyOf = (flowId: string): FlowKey => ({ flowDay: flowDay(flowId), flowId });

/** The order of checkpoints in an answer. */
export const byFlowAndNode = (a: CheckpointRecord, b: CheckpointRecord): number =>
  a.flow_id === b.flow_id ? a.node_id - b.node_id : a.flow_id < b.flow_id ? -1 : 1;

/** The checkpoints of one flow after a node, read by read, each a list of at least one; nothing for a flow without. */
export async function* readCheckpoints(
  pool: Pool,
  flowId: string,
  afterNode = -1,
): AsyncGenerator<{ checkpoints: CheckpointRecord[]; bytes: number; isLast: boolean }> {
  let rows = FIRST_ROWS;
  for (let after = afterNode; ;) {
    const part = await listCheckpointsAfter(pool, keyOf(flowId), after, { rows, bytes: READ_BYTES });
    const last = part.rows.at(-1);
    if (last === undefined) return;
    yield { checkpoints: part.rows, bytes: part.bytes, isLast: !part.isCut };
    if (!part.isCut) return;
    after = last.node_id;
    // Large ones: as many again. Small ones: more at a time.
    rows = part.rows.length < rows ? part.rows.length + 1 : Math.min(rows * 2, MOST_ROWS);
  }
}

/** The first flows that are of one day and have few enough checkpoints to be read together; one at least. */
function takeGroup(flows: readonly FlowRecord[]): FlowRecord[] {
  const day = flows[0] === undefined ? '' : flowDay(flows[0].flow_id);
  let checkpoints = 0;
  const end = flows.findIndex((flow, i) => {
    checkpoints += flow.checkpoint_count;
    return i > 0 && (checkpoints > GROUP_CHECKPOINTS || flowDay(flow.flow_id) !== day);
  });
  return flows.slice(0, end === -1 ? flows.length : end);
}

/** The checkpoints of a flow after a node; a last part even when there are none. */
export async function* readRest(pool: Pool, flow: FlowRecord, afterNode: number): AsyncGenerator<FlowPart> {
  let isLast = false;
  for await (const part of readCheckpoints(pool, flow.flow_id, afterNode)) {
    yield { flow, ...part, isFirst: false };
    isLast = part.isLast;
  }
  if (!isLast) yield { flow, checkpoints: [], bytes: 0, isFirst: false, isLast: true };
}

/**
 * Reads flows with their checkpoints in the order given, small flows together, large ones in parts; each read brings
 * {@link READ_BYTES} at most. Reads no further than it is asked to.
 *
 * @param readsOn false leaves out what one read does not bring of a flow
 */
export async function* readFlows(pool: Pool, flows: readonly FlowRecord[], readsOn = true): AsyncGenerator<FlowPart> {
  for (let rest = flows; rest.length > 0;) {
    const group = takeGroup(rest);
    const [first] = group;
    if (first === undefined) return;
    const ids = group.map((flow) => flow.flow_id);
    const measure = { rows: group.length === 1 ? FIRST_ROWS : GROUP_CHECKPOINTS, bytes: READ_BYTES };
    const part = await listCheckpoints(pool, flowDay(first.flow_id), ids, measure);
    const byFlow = new Map<string, CheckpointRecord[]>();
    for (const checkpoint of part.rows) {
      const own = byFlow.get(checkpoint.flow_id);
      if (own === undefined) byFlow.set(checkpoint.flow_id, [checkpoint]);
      else own.push(checkpoint);
    }
    // The last flow that a cut read tells of may have more; those behind it are read with the next group.
    const cutId = part.isCut ? part.rows.at(-1)?.flow_id : undefined;
    const read = cutId === undefined ? group : group.slice(0, ids.indexOf(cutId) + 1);
    for (const flow of read) {
      const checkpoints = byFlow.get(flow.flow_id) ?? [];
      const isCut = flow.flow_id === cutId;
      // Of several flows the bytes of each are not known; in the sum over them they are right.
      yield { flow, checkpoints, bytes: part.bytes / read.length, isFirst: true, isLast: !isCut };
      const last = checkpoints.at(-1);
      if (isCut && last !== undefined && readsOn) yield* readRest(pool, flow, last.node_id);
    }
    rest = rest.slice(read.length);
  }
}
