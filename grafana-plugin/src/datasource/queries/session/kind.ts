import { t } from '../../../texts/t';
import { targetText } from '../../target';
import { runHistory } from '../history/run';
import type { QueryKind } from '../query-kind';
import { SessionEditor } from './SessionEditor';
import { readSessionQuery, type SessionDetailQuery } from './query';

export const session: QueryKind<SessionDetailQuery> = {
  name: 'session',
  label: () => t('queries.kinds.session.label'),
  description: () => t('queries.kinds.session.description'),
  read: readSessionQuery,
  describe: targetText,
  run: runHistory,
  Editor: SessionEditor,
};
