import { t } from '../../../texts/t';
import type { QueryKind } from '../query-kind';
import { readRunningQuery, type RunningQuery } from './query';
import { runRunning } from './run';
import { RunningEditor } from './RunningEditor';

export const running: QueryKind<RunningQuery> = {
  name: 'running',
  label: () => t('queries.kinds.running.label'),
  description: () => t('queries.kinds.running.description'),
  read: readRunningQuery,
  describe: () => t('queries.kinds.running.label'),
  run: runRunning,
  Editor: RunningEditor,
};
