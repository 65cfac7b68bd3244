import { EMPTY, expand, mergeMap, Observable, timer } from 'rxjs';
import type { FlowFrameMeta, FrameExtras, Notice, Target } from '../frames/meta';
import { type Flows, type FlowView, viewFlows } from '@flow-tracking/protocol/model';
import type { HistoryAnswer } from './read-history';

/** A flow that still runs is read again this often, or after twice the time that reading took, */
const READ_AGAIN_MS = 3_000;
/** unless it is older than that: such a flow will most likely never end. */
const STILL_OF_INTEREST_MS = 3_600_000;
/** An answer that takes longer is shown page by page, and each of its parts for that long at least. */
const SHOW_PARTS_EVERY_MS = 250;

/** What a history query shows now. */
export interface HistoryState {
  readonly views: readonly FlowView[];
  readonly notices: readonly Notice[];
  /** `partial`: more pages come. `changing`: a flow still runs, so it is read again. */
  readonly progress: 'partial' | 'changing' | 'done';
  /** How long reading took; 0 for a part. */
  readonly tookMs: number;
}

/** Reads once; gives up when the signal says so. */
export type ReadOnce = (signal: AbortSignal, onPart: (flows: Flows) => void) => Promise<HistoryAnswer>;

/** Meta of the frames of a history query. */
export function historyMeta(target: Target, extras: FrameExtras): FlowFrameMeta {
  return {
    kind: 'flow-tracking',
    mode: 'history',
    target,
    ready: true,
    connection: null,
    monitoring: [],
    clockOffsetMs: 0,
    lastEventTs: null,
    revision: 0,
    ...extras,
  };
}

function mayChange(views: readonly FlowView[], nowTs: number): boolean {
  return views.some(({ flow }) => flow.status === 'running' && nowTs - flow.started_ts < STILL_OF_INTEREST_MS);
}

/** @param showParts what is there already stays in view while it is read again */
function readOnce(read: ReadOnce, showParts: boolean): Observable<HistoryState> {
  return new Observable((observer) => {
    const abort = new AbortController();
    const startedTs = Date.now();
    let shownTs = startedTs;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const onPart = (flows: Flows): void => {
      if (!showParts || Date.now() - shownTs < SHOW_PARTS_EVERY_MS) return;
      clearTimeout(waiting);
      // In a task of its own: the last part is the whole answer, which follows at once, and is not to be drawn twice.
      waiting = setTimeout(() => {
        shownTs = Date.now();
        observer.next({ views: viewFlows(flows), notices: [], progress: 'partial', tookMs: 0 });
      });
    };
    read(abort.signal, onPart).then(
      ({ flows, notices }) => {
        clearTimeout(waiting);
        const views = viewFlows(flows);
        const nowTs = Date.now();
        const progress = mayChange(views, nowTs) ? 'changing' : 'done';
        observer.next({ views, notices, progress, tookMs: nowTs - startedTs });
        observer.complete();
      },
      (error: unknown) => {
        clearTimeout(waiting);
        observer.error(error);
      },
    );
    return () => {
      clearTimeout(waiting);
      abort.abort();
    };
  });
}

/** Reads history, and again and again while a flow of it runs: then what one sees does end. */
export function watchHistory(read: ReadOnce): Observable<HistoryState> {
  const readAgain = ({ progress, tookMs }: HistoryState): Observable<HistoryState> =>
    progress === 'changing'
      ? timer(Math.max(READ_AGAIN_MS, 2 * tookMs)).pipe(mergeMap(() => readOnce(read, false)))
      : EMPTY;
  return readOnce(read, true).pipe(expand(readAgain));
}
