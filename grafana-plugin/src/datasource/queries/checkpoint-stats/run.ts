import type { DataFrame, DataQueryResponse } from '@grafana/data';
import type { Observable } from 'rxjs';
import type { Notice } from '../../../frames/meta';
import { t } from '../../../texts/t';
import { answerOnce, QueryProblem } from '../answer-once';
import { readFilters } from '../filters';
import type { QueryRun, QueryTools } from '../query-kind';
import { createFigures } from './figures';
import { heatmapFrame, summaryFrame, timeSeriesFrames } from './frames';
import type { CheckpointStatsQuery } from './query';
import { slotWidthS } from './slot-width';

export function runCheckpointStats(
  query: CheckpointStatsQuery,
  run: QueryRun,
  { api, prices }: QueryTools,
): Observable<DataQueryResponse> {
  const figures = createFigures(prices);
  const { fromTs, toTs } = run.range;

  return answerOnce(run, async (signal) => {
    const { values, isNothing, notices, problem } = readFilters(query, ['checkpoint'], run.read);
    if (problem !== null) throw new QueryProblem(problem);
    if (isNothing) return { frames: [], notices };
    const filter = { from: fromTs, to: toTs, ...(values.checkpoint && { checkpoint: values.checkpoint }) };
    const interval = slotWidthS(fromTs, toTs, run.intervalMs);
    const said = (hasMore: boolean): Notice[] =>
      hasMore ? [...notices, { severity: 'info', text: t('queries.notices.more-names') }] : [...notices];

    if (query.view === 'summary') {
      const summary = await api.checkpointSummary(filter, signal);
      return { frames: [summaryFrame(summary, figures, prices !== null)], notices: said(summary.has_more) };
    }
    if (query.view === 'heatmap') {
      const histogram = await api.checkpointHistogram({ ...filter, interval, of: query.of }, signal);
      return { frames: [heatmapFrame(histogram)], notices: said(histogram.has_more) };
    }
    const stats = await api.checkpointStats({ ...filter, interval }, signal);
    const frames: DataFrame[] = timeSeriesFrames(stats, query.figures, figures);
    const priceless = query.figures.includes('cost') && prices === null;
    const lack: Notice[] = priceless ? [{ severity: 'info', text: t('queries.notices.no-prices') }] : [];
    return { frames, notices: [...said(stats.has_more), ...lack] };
  });
}
