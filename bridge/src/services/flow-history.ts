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
import { listCheckpoints, listCheckpointsAfter, type FlowKey } from '../stores/checkpoint-queries';
import { findFlow, listFlows, type FlowCursor, type FlowFilter } from '../stores/flow-queries';
import { flowDay } from '../stores/rows';
import { decodeCursor, encodeCursor } from './cursor';

/** Flows of a session in one answer, and checkpoints of them all: what is beyond is on the next page. */
const SESSION_FLOWS = 200;
const SESSION_CHECKPOINTS = 50_000;
/** Checkpoints of one flow in one answer. */
const FLOW_CHECKPOINTS = 50_000;
/** Flows in a snapshot: this many of the newest, and of those still running. */
const SNAPSHOT_FLOWS = 20;
/** Beyond it `toISOString` leaves the years that Postgres reads. */
const MAX_FLOW_TIME = 253_402_300_799_999;
/** How far back flows are searched that no index finds, when the caller does not say. */
const SEARCH_SINCE_MS = 7 * 86_400_000;

/** Which flows a caller asks for; `cursor` as it was given. */
export type FlowsQuery = Omit<FlowFilter, 'cursor'> & { cursor?: string | undefined };

/** Questions about what was recorded. */
export interface FlowHistory {
  page(query: FlowsQuery): Promise<FlowPage>;
  session(sessionId: string, cursor?: string): Promise<SessionDetail>;
  flow(flowId: string, cursor?: string): Promise<FlowDetail>;
  snapshot(userId: string): Promise<SnapshotFrame>;
}

const cursorOf = (flow: FlowRecord): string => encodeCursor([flow.started_ts, flow.flow_id]);

function decodeFlowCursor(cursor: string | undefined): FlowCursor | undefined {
  if (cursor === undefined) return undefined;
  const [startedTs, flowId] = decodeCursor(
    cursor,
    (position): position is [number, string] =>
      typeof position[0] === 'number' && Math.abs(position[0]) <= MAX_FLOW_TIME && isFlowId(position[1]),
  );
  return { startedTs, flowId };
}

function decodeNodeCursor(cursor: string | undefined): number {
  if (cursor === undefined) return -1;
  const isNode = (position: readonly unknown[]): position is [number] =>
    position.length === 1 && Number.isInteger(position[0]) && Math.abs(Number(position[0])) < 2 ** 31;
  return decodeCursor(cursor, isNode)[0];
}

export const keyOf = (flow: FlowRecord): FlowKey => ({ flowDay: flowDay(flow.flow_id), flowId: flow.flow_id });

/** True when flows must be looked at one by one, since no index finds them. */
function isSearch({ text, checkpoint, minDurationMs }: FlowsQuery): boolean {
  return text !== undefined || checkpoint !== undefined || minDurationMs !== undefined;
}

/** The filter that a query stands for: searches are bounded in time. */
export function toFilter({ cursor, ...query }: FlowsQuery): FlowFilter {
  const searchedFromTs = Math.max(0, (query.toTs ?? Date.now()) - SEARCH_SINCE_MS);
  const fromTs = query.fromTs ?? (isSearch(query) ? searchedFromTs : undefined);
  return { ...query, fromTs, cursor: decodeFlowCursor(cursor) };
}

/** As many of the first flows as have no more than so many checkpoints together, but one at least. */
export function takeByCheckpoints(flows: readonly FlowRecord[], most: number): FlowRecord[] {
  let checkpoints = 0;
  const tooMany = flows.findIndex((flow, i) => (checkpoints += flow.checkpoint_count) > most && i > 0);
  return flows.slice(0, tooMany === -1 ? flows.length : tooMany);
}

/**
 * @param pool for what indexes find at once
 * @param searchPool for what may take long, so that searches leave the other in peace
 */
export function createFlowHistory(pool: Pool, searchPool: Pool = pool): FlowHistory {
  return {
    async page(query) {
      // One more than asked for tells whether there is a next page.
      const filter = { ...toFilter(query), limit: query.limit + 1 };
      const flows = await listFlows(isSearch(query) ? searchPool : pool, filter);
      const page = flows.slice(0, query.limit);
      const last = page.at(-1);
      return { flows: page, next_cursor: flows.length > page.length && last !== undefined ? cursorOf(last) : null };
    },
    async session(sessionId, cursor) {
      const flows = await listFlows(pool, { sessionId, cursor: decodeFlowCursor(cursor), limit: SESSION_FLOWS + 1 });
      if (flows.length === 0 && cursor === undefined) {
        throw new BridgeError('session_not_found', 404, `No flow of session ${JSON.stringify(sessionId)} is recorded`);
      }
      const page = takeByCheckpoints(flows.slice(0, SESSION_FLOWS), SESSION_CHECKPOINTS);
      const last = page.at(-1);
      return {
        session_id: sessionId,
        flows: page.toReversed(),
        checkpoints: await listCheckpoints(pool, page.map(keyOf)),
        next_cursor: flows.length > page.length && last !== undefined ? cursorOf(last) : null,
      };
    },
    async flow(flowId, cursor) {
      const afterNode = decodeNodeCursor(cursor);
      const isValid = isFlowId(flowId) && flowIdTime(flowId) <= MAX_FLOW_TIME;
      const key = isValid ? { flowDay: flowDay(flowId), flowId } : undefined;
      // At once: the key tells where both are.
      const [flow, nodes = []] =
        key === undefined
          ? []
          : await Promise.all([
              findFlow(pool, key.flowDay, key.flowId),
              listCheckpointsAfter(pool, key, afterNode, FLOW_CHECKPOINTS + 1),
            ]);
      if (flow === undefined) {
        throw new BridgeError('flow_not_found', 404, `No flow ${JSON.stringify(flowId)} is recorded`);
      }
      const checkpoints = nodes.slice(0, FLOW_CHECKPOINTS);
      const last = checkpoints.at(-1);
      const hasMore = nodes.length > checkpoints.length && last !== undefined;
      return { flow, checkpoints, next_cursor: hasMore ? encodeCursor([last.node_id]) : null };
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
