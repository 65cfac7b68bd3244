import { t } from '../../../texts/t';
import { targetText } from '../../target';
import { runHistory } from '../history/run';
import type { QueryKind } from '../query-kind';
import { FlowEditor } from './FlowEditor';
import { readFlowQuery, type FlowDetailQuery } from './query';

export const flow: QueryKind<FlowDetailQuery> = {
  name: 'flow',
  label: () => t('queries.kinds.flow.label'),
  description: () => t('queries.kinds.flow.description'),
  read: readFlowQuery,
  describe: targetText,
  run: runHistory,
  Editor: FlowEditor,
};
