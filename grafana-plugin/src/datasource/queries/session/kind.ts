import { t } from '../../../texts/t';
import { subjectText } from '../../subject';
import { runHistory } from '../history/run';
import type { QueryKind } from '../query-kind';
import { SessionEditor } from './SessionEditor';
import { readSessionQuery, type SessionDetailQuery } from './query';

export const session: QueryKind<SessionDetailQuery> = {
  name: 'session',
  label: () => t('queries.kinds.session.label'),
  description: () => t('queries.kinds.session.description'),
  read: readSessionQuery,
  describe: subjectText,
  run: runHistory,
  Editor: SessionEditor,
};
