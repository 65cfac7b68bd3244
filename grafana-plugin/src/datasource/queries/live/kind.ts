import { t } from '../../../texts/t';
import { subjectText } from '../../subject';
import type { QueryKind } from '../query-kind';
import { LiveEditor } from './LiveEditor';
import { readLiveQuery, type LiveQuery } from './query';
import { runLive } from './run';

export const live: QueryKind<LiveQuery> = {
  name: 'live',
  label: () => t('queries.kinds.live.label'),
  description: () => t('queries.kinds.live.description'),
  read: readLiveQuery,
  describe: subjectText,
  run: runLive,
  Editor: LiveEditor,
};
