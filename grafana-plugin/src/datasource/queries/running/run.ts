import type { RunningFlows } from '@flow-tracking/protocol';
import type { DataFrame, DataQueryResponse, LoadingState } from '@grafana/data';
import { scan, type Observable } from 'rxjs';
import { t } from '../../../texts/t';
import type { Notice } from '../../../frames/meta';
import { answerOnce, framesOf, QueryProblem } from '../answer-once';
import { readDuration, readFilters } from '../filters';
import type { QueryRun, QueryTools } from '../query-kind';
import { runningFrame } from './frame';
import type { RunningQuery } from './query';
import type { RunningState } from './running-source';

const STREAMING = 'Streaming' as LoadingState.Streaming;
const FAILED = 'Error' as LoadingState.Error;

const NOTHING: RunningFlows = { now_ts: 0, flows: [], has_more: false };

/** Answers for as long as it is wanted. What was known stays in view while the bridge can't be asked. */
export function runRunning(query: RunningQuery, run: QueryRun, tools: QueryTools): Observable<DataQueryResponse> {
  const { links } = tools;
  const { key, refId, read } = run;
  const { values, isNothing, notices, problem } = readFilters(query, ['user', 'service', 'checkpoint'], read);
  const minMs = readDuration(query.minDurationMs, read);
  const wrong = problem ?? (Number.isNaN(minMs) ? t('queries.problems.duration') : null);
  if (wrong !== null) return answerOnce(run, () => Promise.reject(new QueryProblem(wrong)));
  if (isNothing) return answerOnce(run, () => Promise.resolve({ frames: [runningFrame(NOTHING, links)], notices }));

  const filter = { ...values, ...(minMs !== null && { min_duration_ms: minMs }), limit: query.limit };
  const answer = (running: RunningFlows): DataFrame[] => {
    const shown = running.flows.length;
    const more: Notice[] = running.has_more
      ? [{ severity: 'info', text: t('queries.notices.more-run', { count: shown }) }]
      : [];
    return framesOf({ frames: [runningFrame(running, links)], notices: [...notices, ...more] }, refId);
  };
  return tools.running
    .watch(filter)
    .pipe(
      scan(
        (before: DataQueryResponse, state: RunningState): DataQueryResponse =>
          state.running === null
            ? { key, state: FAILED, data: before.data, errors: [{ refId, message: state.problem }] }
            : { key, state: STREAMING, data: answer(state.running) },
        { data: [] },
      ),
    );
}
