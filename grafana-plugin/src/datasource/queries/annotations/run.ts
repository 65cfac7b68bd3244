import type { DataQueryResponse } from '@grafana/data';
import type { Observable } from 'rxjs';
import type { Notice } from '../../../frames/meta';
import { t } from '../../../texts/t';
import type { Annotated } from '../../types';
import { answerOnce, QueryProblem } from '../answer-once';
import { readDuration, readFilters, type FilterField, type FilterValues } from '../filters';
import type { QueryRun, QueryTools } from '../query-kind';
import { markOfAudit, markOfFlow, markOfSlow, marksFrame, type Mark } from './marks';
import type { AnnotationsQuery } from './query';

/** Filters that count. */
export const FILTERS: Readonly<Record<Annotated, readonly FilterField[]>> = {
  errors: ['user', 'session', 'service', 'checkpoint'],
  slow: ['user', 'session', 'service', 'checkpoint'],
  monitoring: ['user'],
};

interface Found {
  readonly marks: readonly Mark[];
  readonly hasMore: boolean;
}

type Find = (
  query: AnnotationsQuery,
  asked: { range: QueryRun['range']; values: FilterValues; minMs: number | null; signal: AbortSignal },
  api: QueryTools['api'],
) => Promise<Found>;

const FIND: Readonly<Record<Annotated, Find>> = {
  async errors({ limit }, { range, values, minMs, signal }, api) {
    const { flows, next_cursor: next } = await api.flows(
      {
        ...values,
        status: ['error', 'timed_out', 'lost'],
        ...(minMs !== null && { min_duration_ms: minMs }),
        from: range.fromTs,
        to: range.toTs,
        limit,
      },
      signal,
    );
    return { marks: flows.map(markOfFlow), hasMore: next !== null };
  },
  async slow({ limit, factor }, { range, values, minMs, signal }, api) {
    const found = await api.slowCheckpoints(
      {
        ...values,
        ...(minMs === null ? { factor } : { min_duration_ms: minMs }),
        from: range.fromTs,
        to: range.toTs,
        limit,
      },
      signal,
    );
    return { marks: found.checkpoints.map(markOfSlow), hasMore: found.has_more || found.looked_back_to_ts !== null };
  },
  async monitoring({ limit }, { range, values, signal }, api) {
    const { entries, next_cursor: next } = await api.audit({ from: range.fromTs, to: range.toTs, limit }, signal);
    const wanted = values.user;
    const shown = wanted === undefined ? entries : entries.filter((entry) => wanted.includes(entry.user_id));
    return { marks: shown.map(markOfAudit), hasMore: next !== null };
  },
};

export function runAnnotations(
  query: AnnotationsQuery,
  run: QueryRun,
  { api }: QueryTools,
): Observable<DataQueryResponse> {
  return answerOnce(run, async (signal) => {
    const { values, isNothing, notices, problem } = readFilters(query, FILTERS[query.annotate], run.read);
    const minMs = readDuration(query.minDurationMs, run.read);
    if (problem !== null) throw new QueryProblem(problem);
    if (Number.isNaN(minMs)) throw new QueryProblem(t('queries.problems.duration'));
    if (isNothing) return { frames: [marksFrame([])], notices };
    const { marks, hasMore } = await FIND[query.annotate](query, { range: run.range, values, minMs, signal }, api);
    const more: Notice[] = hasMore
      ? [{ severity: 'info', text: t('queries.notices.more-marks', { count: marks.length }) }]
      : [];
    return { frames: [marksFrame(marks)], notices: [...notices, ...more] };
  });
}
