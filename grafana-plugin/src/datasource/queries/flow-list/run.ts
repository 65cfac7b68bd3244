import type { FlowRecord } from '@flow-tracking/protocol';
import type { DataQueryResponse } from '@grafana/data';
import type { Observable } from 'rxjs';
import type { Notice } from '../../../frames/meta';
import { t } from '../../../texts/t';
import { followPages } from '../../follow-pages';
import { answerOnce, QueryProblem } from '../answer-once';
import { readDuration, readFilters, readStatuses } from '../filters';
import type { QueryRun, QueryTools } from '../query-kind';
import { flowListFrame } from './frame';
import type { FlowListQuery } from './query';

/** Flows of one page, at most. */
const PAGE_FLOWS = 500;

/** Reads pages to the end or to the limit, which a notice then names. */
export function runFlowList(
  query: FlowListQuery,
  run: QueryRun,
  { api, links }: QueryTools,
): Observable<DataQueryResponse> {
  return answerOnce(run, async (signal) => {
    const filters = readFilters(query, ['user', 'session', 'service', 'checkpoint'], run.read);
    const minMs = readDuration(query.minDurationMs, run.read);
    if (filters.problem !== null) throw new QueryProblem(filters.problem);
    if (Number.isNaN(minMs)) throw new QueryProblem(t('queries.problems.duration'));
    const [text = ''] = query.text === '' ? [] : run.read(query.text).ids;
    const found: FlowRecord[] = [];
    const statuses = readStatuses(query.status, run.read);
    if (filters.isNothing || statuses?.length === 0)
      return { frames: [flowListFrame(found, links)], notices: filters.notices };

    const filter = {
      ...filters.values,
      ...(statuses !== null && { status: statuses }),
      ...(minMs !== null && { min_duration_ms: minMs }),
      ...(text.trim() !== '' && { q: text }),
      from: run.range.fromTs,
      to: run.range.toTs,
    };
    const hasMore = await followPages(
      (cursor) => api.flows({ ...filter, limit: Math.min(PAGE_FLOWS, query.limit - found.length), cursor }, signal),
      (page) => found.push(...page.flows) >= query.limit,
    );
    const more: Notice[] = hasMore
      ? [{ severity: 'info', text: t('queries.notices.older-flows', { count: found.length }) }]
      : [];
    return { frames: [flowListFrame(found, links)], notices: [...filters.notices, ...more] };
  });
}
