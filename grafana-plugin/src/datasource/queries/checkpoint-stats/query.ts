import { HISTOGRAM_MEASURES, type HistogramMeasure } from '@flow-tracking/protocol';
import { FIGURES, STATS_VIEWS, type Figure, type FlowQuery, type StatsView } from '../../types';

/** Figures of checkpoints, over time or over the whole range. */
export interface CheckpointStatsQuery extends FlowQuery {
  queryType: 'checkpoint-stats';
  view: StatsView;
  checkpoint: string;
  /** Of a graph. */
  figures: Figure[];
  /** Of a heat map. */
  of: HistogramMeasure;
}

export const DEFAULT_FIGURES: readonly Figure[] = ['p95_ms'];

export function readCheckpointStatsQuery(saved: FlowQuery): CheckpointStatsQuery {
  const figures = FIGURES.filter((known) => (saved.figures ?? DEFAULT_FIGURES).includes(known));
  return {
    ...saved,
    queryType: 'checkpoint-stats',
    view: STATS_VIEWS.find((known) => known === saved.view) ?? 'time-series',
    checkpoint: saved.checkpoint ?? '',
    figures: figures.length === 0 ? [...DEFAULT_FIGURES] : figures,
    of: HISTOGRAM_MEASURES.find((known) => known === saved.of) ?? 'duration',
  };
}
