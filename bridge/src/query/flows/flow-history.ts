import {
  flowIdTime,
  isFlowId,
  MAX_TS,
  type CheckpointRecord,
  type FlowDetail,
  type FlowPage,
  type FlowRecord,
  type SessionDetail,
} from '@flow-tracking/protocol';
import { BridgeError } from '../../errors';
import { decodeCursor, encodeCursor } from '../../http/cursor';
import { cleanText } from '../../platform/postgres/clean-json';
import { flowDay } from '../../platform/postgres/flow-key';
import type { Pool } from '../../platform/postgres/pool';
import { isSearch, type FlowCursor, type FlowFilter } from '../flow-filter-sql';
import { byFlowAndNode, READ_BYTES, readCheckpoints, readFlows, readRest, type FlowPart } from './flow-reader';
import { findFlow, listFlows } from './flows-store';

/** JSON of one answer: what is beyond is on the next page. */
const PAGE_BYTES = 8 * 1024 * 1024;
/** Flows of one list, in bytes of JSON. */
const LIST_BYTES = 2 * 1024 * 1024;
/** Flows of a session in one answer. */
const SESSION_FLOWS = 200;
/** Checkpoints in one answer. */
const PAGE_CHECKPOINTS = 50_000;
/** How far back flows are searched that no index finds, when the caller does not say. */
const SEARCH_SINCE_MS = 7 * 86_400_000;

/** Which flows a caller asks for; `cursor` as it was given. */
export type FlowsQuery = Omit<FlowFilter, 'cursor'> & { cursor?: string | undefined };

/** Asked whether an answer may take so many bytes in all; false ends its page. */
export type MayGrow = (bytes: number) => boolean;

/** Questions about what was recorded. Answers have as much as fits into a page; `next_cursor` gives the rest. */
export interface FlowHistory {
  page(query: FlowsQuery): Promise<FlowPage>;
  session(sessionId: string, cursor?: string, mayGrow?: MayGrow): Promise<SessionDetail>;
  flow(flowId: string, cursor?: string, mayGrow?: MayGrow): Promise<FlowDetail>;
}

const positionOf = (flow: FlowRecord): (string | number)[] => [flow.started_ts, flow.flow_id];

const always: MayGrow = () => true;

/** True when a page takes no further read. */
const isFull = (bytes: number, checkpoints: number, mayGrow: MayGrow): boolean =>
  bytes + READ_BYTES > PAGE_BYTES || checkpoints >= PAGE_CHECKPOINTS || !mayGrow(bytes + READ_BYTES);

const isFlowPosition = (position: readonly unknown[]): boolean =>
  typeof position[0] === 'number' && position[0] >= 0 && position[0] <= MAX_TS && isFlowId(position[1]);
const isNode = (node: unknown): node is number => Number.isInteger(node) && Number(node) >= 0 && Number(node) < 2 ** 31;

function decodeFlowCursor(cursor: string | undefined): FlowCursor | undefined {
  if (cursor === undefined) return undefined;
  const [startedTs, flowId] = decodeCursor(
    cursor,
    (position): position is [number, string] => position.length === 2 && isFlowPosition(position),
  );
  return { startedTs, flowId };
}

/** Where a page of a session goes on: behind a flow, or behind one of its nodes. */
function decodeSessionCursor(
  cursor: string | undefined,
): (FlowCursor & { afterNode?: number | undefined }) | undefined {
  if (cursor === undefined) return undefined;
  const [startedTs, flowId, afterNode] = decodeCursor(
    cursor,
    (position): position is [number, string, number?] =>
      isFlowPosition(position) && (position.length === 2 || (position.length === 3 && isNode(position[2]))),
  );
  return { startedTs, flowId, afterNode };
}

function decodeNodeCursor(cursor: string | undefined): number {
  if (cursor === undefined) return -1;
  return decodeCursor(cursor, (position): position is [number] => position.length === 1 && isNode(position[0]))[0];
}

/** True when history can have a flow of that id. */
const isStored = (flowId: string): boolean => isFlowId(flowId) && flowIdTime(flowId) <= MAX_TS;

/** The filter that a query stands for: searches are bounded in time. */
export function toFilter({ cursor, ...query }: FlowsQuery): FlowFilter {
  const searchedFromTs = Math.max(0, (query.toTs ?? Date.now()) - SEARCH_SINCE_MS);
  const fromTs = query.fromTs ?? (isSearch(query) ? searchedFromTs : undefined);
  return { ...query, fromTs, cursor: decodeFlowCursor(cursor) };
}

/**
 * @param pool for what indexes find at once
 * @param searchPool for what may take long, so that searches leave the other in peace
 */
export function createFlowHistory(pool: Pool, searchPool: Pool = pool): FlowHistory {
  const find = async (flowId: string): Promise<FlowRecord | undefined> =>
    isStored(flowId) ? findFlow(pool, flowDay(flowId), flowId) : undefined;

  return {
    async page(query) {
      // One more than asked for tells whether there is a next page.
      const filter = { ...toFilter(query), limit: query.limit + 1 };
      const { rows, isCut } = await listFlows(isSearch(filter) ? searchPool : pool, filter, LIST_BYTES);
      const flows = rows.slice(0, query.limit);
      const last = flows.at(-1);
      return { flows, next_cursor: isCut && last !== undefined ? encodeCursor(positionOf(last)) : null };
    },
    async session(sessionId, cursor, mayGrow = always) {
      const position = decodeSessionCursor(cursor);
      const [begun, page] = await Promise.all([
        position?.afterNode === undefined ? undefined : find(position.flowId),
        listFlows(pool, { sessionIds: [sessionId], cursor: position, limit: SESSION_FLOWS + 1 }, LIST_BYTES),
      ]);
      if (page.rows.length === 0 && cursor === undefined) {
        throw new BridgeError('session_not_found', 404, `No flow of session ${JSON.stringify(sessionId)} is recorded`);
      }
      const listed = page.rows.slice(0, SESSION_FLOWS);
      const flows: FlowRecord[] = [];
      const checkpoints: CheckpointRecord[] = [];
      const parts = async function* (): AsyncGenerator<FlowPart> {
        if (begun?.session_id === cleanText(sessionId)) yield* readRest(pool, begun, position?.afterNode ?? -1);
        yield* readFlows(pool, listed);
      };
      let bytes = page.bytes;
      let next: (string | number)[] | undefined;
      let isWhole = !page.isCut;
      for await (const part of parts()) {
        if (next !== undefined && isFull(bytes, checkpoints.length, mayGrow)) {
          isWhole = false;
          break;
        }
        if (flows.at(-1) !== part.flow) flows.push(part.flow);
        checkpoints.push(...part.checkpoints);
        bytes += part.bytes;
        next = positionOf(part.flow);
        if (!part.isLast) next.push(part.checkpoints.at(-1)?.node_id ?? -1);
      }
      return {
        session_id: sessionId,
        flows: flows.reverse(),
        checkpoints: checkpoints.sort(byFlowAndNode),
        next_cursor: isWhole || next === undefined ? null : encodeCursor(next),
      };
    },
    async flow(flowId, cursor, mayGrow = always) {
      const afterNode = decodeNodeCursor(cursor);
      const flow = await find(flowId);
      if (flow === undefined) {
        throw new BridgeError('flow_not_found', 404, `No flow ${JSON.stringify(flowId)} is recorded`);
      }
      const checkpoints: CheckpointRecord[] = [];
      let bytes = 0;
      let next: string | null = null;
      for await (const part of readCheckpoints(pool, flowId, afterNode)) {
        checkpoints.push(...part.checkpoints);
        bytes += part.bytes;
        next = part.isLast ? null : encodeCursor([checkpoints.at(-1)?.node_id ?? afterNode]);
        if (next === null || isFull(bytes, checkpoints.length, mayGrow)) break;
      }
      return { flow, checkpoints, next_cursor: next };
    },
  };
}
