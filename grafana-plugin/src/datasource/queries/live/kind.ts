import { t } from '../../../texts/t';
import { targetText } from '../../target';
import type { QueryKind } from '../query-kind';
import { LiveEditor } from './LiveEditor';
import { readLiveQuery, type LiveQuery } from './query';
import { runLive } from './run';

export const live: QueryKind<LiveQuery> = {
  name: 'live',
  label: () => t('queries.kinds.live.label'),
  description: () => t('queries.kinds.live.description'),
  read: readLiveQuery,
  describe: targetText,
  run: runLive,
  Editor: LiveEditor,
};
