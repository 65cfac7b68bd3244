import type { DataQueryResponse } from '@grafana/data';
import { map, of, type Observable } from 'rxjs';
import type { FrameExtras } from '../../../frames/meta';
import { answerLive, failed } from '../../answers';
import { targetOf, unusableId } from '../../target';
import type { QueryRun, QueryTools } from '../query-kind';
import type { LiveQuery } from './query';

export function runLive(query: LiveQuery, run: QueryRun, tools: QueryTools): Observable<DataQueryResponse> {
  const { feed, history, prices } = tools;
  const asked = { ...run, target: targetOf(query, run.read) };
  const unusable = unusableId(asked.target);
  if (unusable !== null) return of(failed(asked, unusable));
  const extras = history.watch().pipe(map((known): FrameExtras => ({ history: known, prices })));
  return answerLive(feed, asked, extras, prices);
}
