import { t } from '../../../texts/t';
import { targetText } from '../../target';
import type { QueryKind } from '../query-kind';
import { HistoryEditor } from './HistoryEditor';
import { readHistoryQuery, type HistoryQuery } from './query';
import { runHistory } from './run';

export const history: QueryKind<HistoryQuery> = {
  name: 'history',
  label: () => t('queries.kinds.history.label'),
  description: () => t('queries.kinds.history.description'),
  read: readHistoryQuery,
  describe: targetText,
  run: runHistory,
  Editor: HistoryEditor,
};
