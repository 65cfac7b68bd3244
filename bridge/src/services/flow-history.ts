import {
  flowIdTime,
  isFlowId,
  type FlowDetail,
  type FlowPage,
  type FlowRecord,
  type SessionDetail,
  type SnapshotFrame,
} from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { BridgeError } from '../errors';
import { listCheckpoints } from '../stores/checkpoint-queries';
import { findFlow, listFlows, type FlowCursor, type FlowFilter } from '../stores/flow-queries';
import { flowDay } from '../stores/rows';

/** Flows of a session that are shown at once: the newest. */
const SESSION_FLOWS = 200;
/** Flows in a snapshot: this many of the newest, and of those still running. */
const SNAPSHOT_FLOWS = 20;
/** Beyond it `toISOString` leaves the years that Postgres reads. */
const MAX_FLOW_TIME = 253_402_300_799_999;

/** Questions about what was recorded. */
export interface FlowHistory {
  page(filter: Omit<FlowFilter, 'cursor'> & { cursor?: string | undefined }): Promise<FlowPage>;
  session(sessionId: string): Promise<SessionDetail>;
  flow(flowId: string): Promise<FlowDetail>;
  snapshot(userId: string): Promise<SnapshotFrame>;
}

function encodeCursor(flow: FlowRecord): string {
  return Buffer.from(JSON.stringify([flow.started_ts, flow.flow_id])).toString('base64url');
}

function decodeCursor(cursor: string): FlowCursor {
  try {
    const [startedTs, flowId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof startedTs === 'number' && isFlowId(flowId)) return { startedTs, flowId };
  } catch {
    // Answered below, like a cursor of another shape.
  }
  throw new BridgeError('invalid_request', 400, 'cursor: expected the next_cursor of a page before');
}

const keyOf = (flow: FlowRecord): { flowDay: string; flowId: string } => ({
  flowDay: flowDay(flow.flow_id),
  flowId: flow.flow_id,
});

export function createFlowHistory(pool: Pool): FlowHistory {
  return {
    async page({ cursor, limit, ...filter }) {
      // One more than asked for tells whether there is a next page.
      const flows = await listFlows(pool, {
        ...filter,
        limit: limit + 1,
        cursor: cursor === undefined ? undefined : decodeCursor(cursor),
      });
      const page = flows.slice(0, limit);
      const last = page.at(-1);
      return { flows: page, next_cursor: flows.length > limit && last !== undefined ? encodeCursor(last) : null };
    },
    async session(sessionId) {
      const flows = await listFlows(pool, { sessionId, limit: SESSION_FLOWS });
      if (flows.length === 0) {
        throw new BridgeError('session_not_found', 404, `No flow of session ${JSON.stringify(sessionId)} is recorded`);
      }
      const checkpoints = await listCheckpoints(pool, flows.map(keyOf));
      return { session_id: sessionId, flows: flows.reverse(), checkpoints };
    },
    async flow(flowId) {
      const valid = isFlowId(flowId) && flowIdTime(flowId) <= MAX_FLOW_TIME;
      const flow = valid ? await findFlow(pool, flowDay(flowId), flowId) : undefined;
      if (flow === undefined) {
        throw new BridgeError('flow_not_found', 404, `No flow ${JSON.stringify(flowId)} is recorded`);
      }
      return { flow, checkpoints: await listCheckpoints(pool, [keyOf(flow)]) };
    },
    async snapshot(userId) {
      const [latest, running] = await Promise.all([
        listFlows(pool, { userId, limit: SNAPSHOT_FLOWS }),
        listFlows(pool, { userId, status: 'running', limit: SNAPSHOT_FLOWS }),
      ]);
      const flows = [...new Map([...running, ...latest].map((flow) => [flow.flow_id, flow])).values()];
      const checkpoints = await listCheckpoints(pool, flows.map(keyOf));
      return { type: 'snapshot', user_id: userId, flows, checkpoints };
    },
  };
}
