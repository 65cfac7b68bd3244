import { ALL_USERS } from '@flow-tracking/protocol';
import type { DataFrame, DataQueryResponse, LoadingState } from '@grafana/data';
import { catchError, combineLatest, defer, map, of, tap, type Observable } from 'rxjs';
import { isChosen, type FlowFrameMeta, type FrameExtras, type Notice, type Target } from '../frames/meta';
import { createFrameWriter } from '../frames/frame-writer';
import type { PriceTable } from '../frames/prices';
import { toFrames } from '../frames/to-frames';
import { messageOf } from './message-of';
import type { QueryRun } from './queries/query-kind';
import type { ToFrames } from './queries/flow/formats';
import { MAX_FLOWS } from '@flow-tracking/protocol/model';
import { HISTORY_LIMITS } from './history-budget';
import { historyMeta, watchHistory } from './history-query';
import type { LiveFeed, LiveState } from './live-feed';
import { checkpointsLeftOut, idsLeftOut, olderLiveFlowsLeftOut } from './notices';
import { readHistory, type HistoryApi } from './read-history';

// The states by their values, so that this file needs nothing of Grafana at run time.
const DONE = 'Done' as LoadingState.Done;
const STREAMING = 'Streaming' as LoadingState.Streaming;
const FAILED = 'Error' as LoadingState.Error;

/** One query of flows. */
export interface Asked extends Pick<QueryRun, 'key' | 'refId' | 'range'> {
  readonly target: Target;
}

/** Users that one live query watches; a connection may watch {@link LIMITS.subscriptions}. */
export const LIVE_USERS = 64;

/** What is said when a query fails, with what it had so far. */
export function failed({ key, refId }: Asked, message: string, data: DataFrame[] = []): DataQueryResponse {
  return { key, state: FAILED, data, errors: [{ refId, message }] };
}

/**
 * Answers a history query: in parts while it is long, and again while a flow runs.
 *
 * @param extras what comes with the flows; says something at once, so that flows never wait for it
 */
export function answerHistory(
  api: HistoryApi,
  asked: Asked,
  isNotFound: (error: unknown) => boolean,
  extras: Observable<FrameExtras> = of({}),
  framesOf: ToFrames = toFrames,
): Observable<DataQueryResponse> {
  const { key, refId, target, range } = asked;
  return defer(() => {
    let shown: DataFrame[] = [];
    const states = watchHistory((signal, onPart) =>
      readHistory({ api, target, range, limits: HISTORY_LIMITS, signal, isNotFound, onPart }),
    );
    return combineLatest([extras, states]).pipe(
      map(([more, { views, notices, progress }]) => ({
        key,
        state: progress === 'done' ? DONE : STREAMING,
        data: framesOf(views, historyMeta(target, more), refId, notices),
      })),
      tap(({ data }) => (shown = data)),
      catchError((error: unknown) => of(failed(asked, messageOf(error), shown))),
    );
  });
}

function liveMeta(target: Target, state: LiveState | null, extras: FrameExtras): Omit<FlowFrameMeta, 'revision'> {
  return {
    kind: 'flow-tracking',
    mode: 'live',
    target,
    ready: state?.ready ?? true,
    connection: state?.connection ?? null,
    monitoring: state?.monitoring ?? [],
    clockOffsetMs: state?.clockOffsetMs ?? 0,
    lastEventTs: state?.lastEventTs ?? null,
    ...extras,
  };
}

/** Answers a live query for as long as it is wanted; a target without users is answered with nothing, once. */
export function answerLive(
  feed: LiveFeed,
  asked: Asked,
  extras: Observable<FrameExtras> = of({}),
  prices: PriceTable | null = null,
): Observable<DataQueryResponse> {
  const { key, refId, target } = asked;
  if (!isChosen(target)) {
    return of({ key, state: DONE, data: toFrames([], { ...liveMeta(target, null, {}), revision: 0 }, refId) });
  }
  const users = target.select === 'everyone' ? [ALL_USERS] : target.ids.slice(0, LIVE_USERS);
  const leftOut = idsLeftOut(target, users.length);
  return defer(() => {
    const writer = createFrameWriter(refId, prices);
    return combineLatest([extras, feed.watch(users)]).pipe(
      map(([more, state]) => {
        const problem = state.problem === null ? null : `${state.problem.message} (${state.problem.code})`;
        const partial = state.flows.filter((flow) => state.partial.has(flow.flowId));
        const counts = partial.map((flow) => ({ shown: flow.nodeCount, known: flow.record().checkpoint_count }));
        const notices: (Notice | null)[] = [
          leftOut,
          partial.length > 0 ? checkpointsLeftOut(counts) : null,
          state.flows.length >= MAX_FLOWS ? olderLiveFlowsLeftOut(state.flows.length) : null,
          problem === null ? null : { severity: 'error', text: problem },
        ];
        const said = notices.filter((notice) => notice !== null);
        const data = writer.write(state.flows, liveMeta(target, state, more), said);
        // Users whose flows are there go on; only what will not come is an error.
        if (problem !== null && !state.ready) return failed(asked, problem, data);
        return { key, state: STREAMING, data };
      }),
    );
  });
}
