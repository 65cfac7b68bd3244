import type { DataFrame, DataQueryResponse, LoadingState } from '@grafana/data';
import { catchError, map, of, type Observable } from 'rxjs';
import type { Notice } from '../../frames/meta';
import { abortable } from '../abortable';
import { messageOf } from '../message-of';
import type { QueryRun } from './query-kind';

// The states by their values, so that this file needs nothing of Grafana at run time.
const DONE = 'Done' as LoadingState.Done;
const FAILED = 'Error' as LoadingState.Error;

/** Frames of a query, and what a person must know about them. */
export interface QueryAnswer {
  readonly frames: readonly DataFrame[];
  readonly notices?: readonly Notice[];
}

/** An error that is meant for the person who wrote the query. */
export class QueryProblem extends Error {
  override readonly name = 'QueryProblem';
}

/** Frames as Grafana takes them: the first carries the notices. */
export function framesOf({ frames, notices = [] }: QueryAnswer, refId: string): DataFrame[] {
  return frames.map((frame, i) => ({
    ...frame,
    refId,
    meta: { ...frame.meta, ...(i === 0 && notices.length > 0 && { notices: [...notices] }) },
  }));
}

/** Answers with what `work` gives; whoever no longer wants it ends its requests. */
export function answerOnce(
  { key, refId }: QueryRun,
  work: (signal: AbortSignal) => Promise<QueryAnswer>,
): Observable<DataQueryResponse> {
  return abortable(work).pipe(
    map((answer) => ({ key, state: DONE, data: framesOf(answer, refId) })),
    catchError((error: unknown) =>
      of({ key, state: FAILED, data: [], errors: [{ refId, message: messageOf(error) }] }),
    ),
  );
}
