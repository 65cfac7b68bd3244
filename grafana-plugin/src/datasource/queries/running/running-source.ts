import type { RunningFlows } from '@flow-tracking/protocol';
import { catchError, exhaustMap, filter, finalize, map, of, ReplaySubject, share, timer, type Observable } from 'rxjs';
import type { BridgeApi, RunningFilter } from '../../../bridge-api';
import { abortable } from '../../abortable';
import { answerWithin } from '../../answer-within';
import { messageOf } from '../../message-of';

/** How often it is asked for while someone watches. */
export const REFRESH_MS = 2_000;
/** What runs is told late by a bridge that answers later than that, whatever the reason. */
const ANSWER_WITHIN_MS = 5_000;

/** What runs now, or why that is not known. */
export type RunningState =
  { readonly running: RunningFlows; readonly problem: null } | { readonly running: null; readonly problem: string };

/** Asks again and again, once for all panels of a datasource that ask for the same. */
export interface RunningSource {
  watch(filter: RunningFilter): Observable<RunningState>;
}

/** @param isHidden whether nobody can see the page; then it does not ask */
export function createRunningSource(
  load: BridgeApi['running'],
  isHidden: () => boolean = () => document.hidden,
): RunningSource {
  const byFilter = new Map<string, Observable<RunningState>>();

  const ask = (wanted: RunningFilter): Observable<RunningState> =>
    abortable((signal) => load(wanted, signal)).pipe(
      answerWithin(ANSWER_WITHIN_MS),
      map((running): RunningState => ({ running, problem: null })),
      catchError((error: unknown) => of<RunningState>({ running: null, problem: messageOf(error) })),
    );

  return {
    watch(wanted) {
      const key = JSON.stringify(wanted);
      let shared = byFilter.get(key);
      if (shared === undefined) {
        shared = timer(0, REFRESH_MS).pipe(
          filter((n) => n === 0 || !isHidden()),
          exhaustMap(() => ask(wanted)),
          finalize(() => byFilter.delete(key)),
          // Who comes later is told at once what is known.
          share({ connector: () => new ReplaySubject(1) }),
        );
        byFilter.set(key, shared);
      }
      return shared;
    },
  };
}
