import {
  isFlowId,
  type CheckpointRecord,
  type FlowDetail,
  type FlowPage,
  type FlowRecord,
  type SessionDetail,
} from '@flow-tracking/protocol';
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import type { Notice, Target } from '../frames/meta';
import { NO_FLOWS, reduceFlows, viewFlows, type Flows } from '@flow-tracking/protocol/model';
import { followPages } from './follow-pages';
import { createHistoryBudget, type HistoryLimits } from './history-budget';
import { checkpointsLeftOut, idsLeftOut, olderFlowsLeftOut, sessionFlowsLeftOut } from './notices';

/** The calls of the bridge's API that a history query makes. */
export interface HistoryApi {
  readonly flows: (
    filter: { user?: string; from?: number; to?: number; limit?: number; cursor?: string | undefined },
    signal?: AbortSignal,
  ) => Promise<FlowPage>;
  readonly flow: (flowId: string, cursor?: string, signal?: AbortSignal) => Promise<FlowDetail>;
  readonly session: (sessionId: string, cursor?: string, signal?: AbortSignal) => Promise<SessionDetail>;
}

export interface HistoryQuestion {
  readonly api: HistoryApi;
  readonly target: Target;
  /** Epoch ms; for lists of flows. */
  readonly range: { readonly fromTs: number; readonly toTs: number };
  readonly limits: HistoryLimits;
  readonly signal: AbortSignal;
  readonly isNotFound: (error: unknown) => boolean;
  /** Gets what is there so far, after each page. */
  readonly onPart: (flows: Flows) => void;
}

export interface HistoryAnswer {
  readonly flows: Flows;
  readonly notices: readonly Notice[];
}

const REQUESTS_AT_ONCE = 4;

function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  return lastValueFrom(from(items).pipe(mergeMap(work, REQUESTS_AT_ONCE), toArray()));
}

const newestFirst = (a: FlowRecord, b: FlowRecord): number =>
  b.started_ts - a.started_ts || (a.flow_id < b.flow_id ? 1 : -1);

/**
 * Reads the flows that a target names, each with its checkpoints: flows by their ids, sessions, or the latest flows of
 * users or of everyone within the time range. Pages are followed to the end or to a limit, which a notice then names. A
 * target without ids names nothing, and what is not found is no error.
 */
export async function readHistory(question: HistoryQuestion): Promise<HistoryAnswer> {
  const { api, target, range, limits, signal, isNotFound, onPart } = question;
  const ids = target.ids.slice(0, limits.ids);
  const notices: Notice[] = [];
  let unread = 0;
  const budget = createHistoryBudget(limits);
  let flows = NO_FLOWS;
  let isCut = false;

  const add = (page: readonly FlowRecord[], checkpoints: readonly CheckpointRecord[], complete: boolean): void => {
    flows = reduceFlows(flows, { kind: 'records', flows: page, checkpoints, complete }, Infinity);
    budget.spend(checkpoints);
    onPart(flows);
  };

  const unlessNotFound = async (reading: Promise<unknown>): Promise<void> => {
    try {
      await reading;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };

  const readFlow = async (flowId: string): Promise<void> => {
    if (budget.isSpent()) {
      isCut = true;
      return;
    }
    const hasMore = await followPages(
      (cursor) => api.flow(flowId, cursor, signal),
      (page) => {
        add([page.flow], page.checkpoints, page.next_cursor === null);
        return budget.isSpent();
      },
    );
    isCut ||= hasMore;
  };

  const readSession = async (sessionId: string): Promise<void> => {
    if (budget.isSpent()) {
      unread += 1;
      return;
    }
    const own = new Map<string, FlowRecord>();
    const hasMore = await followPages(
      (cursor) => api.session(sessionId, cursor, signal),
      (page) => {
        for (const record of page.flows) own.set(record.flow_id, record);
        add(page.flows, page.checkpoints, false);
        return budget.isSpent() || own.size >= limits.sessionFlows;
      },
    );
    // A flow's checkpoints may go on on the next page, so only the last one tells that they are all there.
    if (!hasMore) return add([...own.values()], [], true);
    const isPartial = (record: FlowRecord): boolean =>
      (flows.get(record.flow_id)?.nodes.size ?? 0) < record.checkpoint_count;
    const isCutWithin = [...own.values()].some(isPartial);
    notices.push(sessionFlowsLeftOut(ids.length === 1 ? null : sessionId, own.size, isCutWithin));
    isCut ||= isCutWithin;
  };

  const listFlows = async (filter: { user?: string }): Promise<{ found: FlowRecord[]; hasMore: boolean }> => {
    const found: FlowRecord[] = [];
    const { fromTs, toTs } = range;
    const hasMore = await followPages(
      (cursor) => api.flows({ ...filter, from: fromTs, to: toTs, limit: limits.flows - found.length, cursor }, signal),
      (page) => found.push(...page.flows) >= limits.flows,
    );
    return { found, hasMore };
  };

  const readLatest = async (filters: readonly { user?: string }[]): Promise<void> => {
    const lists = await inParallel(filters, listFlows);
    const found = lists.flatMap((list) => list.found).sort(newestFirst);
    const shown = found.slice(0, limits.flows);
    if (found.length > shown.length || lists.some((list) => list.hasMore))
      notices.push(olderFlowsLeftOut(shown.length));
    add(shown, [], false);
    await inParallel(shown, ({ flow_id: flowId }) => unlessNotFound(readFlow(flowId)));
  };

  if (target.select === 'flow') {
    // What is no flow's id might be the name of another endpoint.
    await inParallel(ids.filter(isFlowId), (flowId) => unlessNotFound(readFlow(flowId)));
  } else if (target.select === 'session') {
    await inParallel(ids, (sessionId) => unlessNotFound(readSession(sessionId)));
  } else {
    await readLatest(target.select === 'everyone' ? [{}] : ids.map((user) => ({ user })));
  }
  if (isCut) {
    const views = viewFlows(flows);
    notices.push(
      checkpointsLeftOut(
        views.map(({ flow, checkpoints }) => ({ shown: checkpoints.length, known: flow.checkpoint_count })),
      ),
    );
  }
  const left = idsLeftOut(target, ids.length - unread);
  return { flows, notices: left === null ? notices : [left, ...notices] };
}
