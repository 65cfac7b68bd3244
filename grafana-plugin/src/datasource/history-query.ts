import type { FlowDetail, FlowPage, SessionDetail } from '@flow-tracking/protocol';
import { defer, EMPTY, expand, from, lastValueFrom, map, mergeMap, timer, toArray, type Observable } from 'rxjs';
import type { FlowFrameMeta, Subject } from '../frames/meta';
import { NO_FLOWS, reduceFlows, viewFlows } from '../model/flows';
import type { FlowView } from '../model/flow-view';

/** The calls of the bridge's API that a history query makes. */
export interface HistoryApi {
  readonly flows: (filter: {
    user?: string | undefined;
    from?: number;
    to?: number;
    limit?: number;
  }) => Promise<FlowPage>;
  readonly flow: (flowId: string) => Promise<FlowDetail>;
  readonly session: (sessionId: string) => Promise<SessionDetail>;
}

/** A list of flows has no checkpoints, so each flow of it costs a request more. */
const LIST_LIMIT = 25;
const REQUESTS_AT_ONCE = 4;
/** A flow that still runs is read again this often, */
const READ_AGAIN_MS = 3_000;
/** unless it is older than that: such a flow will most likely never end. */
const STILL_OF_INTEREST_MS = 3_600_000;

/** Meta of the frames of a history query. */
export function historyMeta(subject: Subject): FlowFrameMeta {
  return {
    kind: 'flow-tracking',
    mode: 'history',
    subject,
    ready: true,
    connection: null,
    monitoring: [],
    clockOffsetMs: 0,
  };
}

/** Reads one flow, or a session, or else the latest flows of a user (of all users when null) within the time range. */
export async function loadHistory(
  api: HistoryApi,
  subject: Subject,
  range: { fromTs: number; toTs: number },
  isNotFound: (error: unknown) => boolean,
): Promise<FlowView[]> {
  try {
    if (subject.flowId !== null) return viewDetails([await api.flow(subject.flowId)]);
    if (subject.sessionId !== null) {
      const { flows, checkpoints } = await api.session(subject.sessionId);
      return viewFlows(reduceFlows(NO_FLOWS, { kind: 'records', flows, checkpoints, complete: true }, flows.length));
    }
    const { fromTs, toTs } = range;
    const page = await api.flows({ user: subject.userId ?? undefined, from: fromTs, to: toTs, limit: LIST_LIMIT });
    const details = from(page.flows).pipe(
      mergeMap(({ flow_id: flowId }) => api.flow(flowId), REQUESTS_AT_ONCE),
      toArray(),
    );
    return viewDetails(await lastValueFrom(details));
  } catch (error) {
    // Nothing to show is an answer, which the panel words; only what went wrong is an error.
    if (isNotFound(error)) return [];
    throw error;
  }
}

function viewDetails(details: readonly FlowDetail[]): FlowView[] {
  const flows = details.map((detail) => detail.flow);
  const checkpoints = details.flatMap((detail) => detail.checkpoints);
  return viewFlows(reduceFlows(NO_FLOWS, { kind: 'records', flows, checkpoints, complete: true }));
}

function mayChange(views: readonly FlowView[], nowTs: number): boolean {
  return views.some(({ flow }) => flow.status === 'running' && nowTs - flow.started_ts < STILL_OF_INTEREST_MS);
}

/** Reads history, and again and again while a flow of it runs: then what one sees does end. */
export function watchHistory(
  load: () => Promise<FlowView[]>,
): Observable<{ views: readonly FlowView[]; changing: boolean }> {
  const read = defer(load).pipe(map((views) => ({ views, changing: mayChange(views, Date.now()) })));
  return read.pipe(expand(({ changing }) => (changing ? timer(READ_AGAIN_MS).pipe(mergeMap(() => read)) : EMPTY)));
}
