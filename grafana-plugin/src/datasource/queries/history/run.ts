import type { DataQueryResponse } from '@grafana/data';
import { map, of, type Observable } from 'rxjs';
import { BridgeRequestError } from '../../../bridge-api';
import type { FrameExtras } from '../../../frames/meta';
import { answerHistory, failed } from '../../answers';
import { targetOf, unusableId } from '../../target';
import type { FlowFormat, FlowQuery } from '../../types';
import { framesIn } from '../flow/formats';
import type { QueryRun, QueryTools } from '../query-kind';

/** A 404 of something else than the bridge, such as a wrong URL, is a failure and no empty answer. */
const NOT_FOUND_CODES: readonly (string | null)[] = ['flow_not_found', 'session_not_found'];
const isNotFound = (error: unknown): boolean =>
  error instanceof BridgeRequestError && NOT_FOUND_CODES.includes(error.code);

/** Flows with their checkpoints, whichever they are chosen by. */
export function runHistory(query: FlowQuery, run: QueryRun, tools: QueryTools): Observable<DataQueryResponse> {
  const { api, history, prices } = tools;
  const format: FlowFormat = query.format ?? 'flows';
  const asked = { ...run, target: targetOf(query, run.read) };
  const unusable = unusableId(asked.target);
  if (unusable !== null) return of(failed(asked, unusable));
  const extras = history.read().pipe(map((known): FrameExtras => ({ history: known, prices })));
  return answerHistory(api, asked, isNotFound, extras, framesIn(format));
}
