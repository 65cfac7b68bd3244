import { catchError, EMPTY, ignoreElements, merge, mergeMap, take, timer, type Observable } from 'rxjs';
import type { BridgeApi } from '../../bridge-api';
import { abortable } from '../abortable';
import { answerWithin } from '../answer-within';

/** An answer that takes longer makes one ask whether the bridge is there, */
const ASK_AFTER_MS = 1_500;
/** which takes it no longer than that. */
const ALIVE_WITHIN_MS = 1_500;

/**
 * Waits for an answer as long as the bridge is alive, and fails after 3 s when it hangs. Grafana runs no panel of a dashboard
 * before it has the values of its variables, so none could say what is wrong.
 */
export function whileAlive<T>(answer: Observable<T>, api: Pick<BridgeApi, 'health'>): Observable<T> {
  const whether = abortable((signal) => api.health(signal)).pipe(catchError(() => EMPTY));
  const death = timer(ASK_AFTER_MS).pipe(
    mergeMap(() => whether),
    ignoreElements(),
    answerWithin(ASK_AFTER_MS + ALIVE_WITHIN_MS),
  );
  return merge(answer, death).pipe(take(1));
}
