import { t } from '../../../texts/t';
import type { QueryKind } from '../query-kind';
import { CheckpointStatsEditor } from './CheckpointStatsEditor';
import { figureText } from './figures';
import { readCheckpointStatsQuery, type CheckpointStatsQuery } from './query';
import { runCheckpointStats } from './run';

export const checkpointStats: QueryKind<CheckpointStatsQuery> = {
  name: 'checkpoint-stats',
  label: () => t('queries.kinds.checkpoint-stats.label'),
  description: () => t('queries.kinds.checkpoint-stats.description'),
  read: readCheckpointStatsQuery,
  describe: ({ view, figures }) =>
    view === 'time-series' ? figures.map(figureText).join(', ') : t(`queries.views.${view}`),
  run: runCheckpointStats,
  Editor: CheckpointStatsEditor,
};
