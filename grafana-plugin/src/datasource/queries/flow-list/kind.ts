import { t } from '../../../texts/t';
import type { QueryKind } from '../query-kind';
import { FlowListEditor } from './FlowListEditor';
import { readFlowListQuery, type FlowListQuery } from './query';
import { runFlowList } from './run';

export const flowList: QueryKind<FlowListQuery> = {
  name: 'flow-list',
  label: () => t('queries.kinds.flow-list.label'),
  description: () => t('queries.kinds.flow-list.description'),
  read: readFlowListQuery,
  describe: () => t('queries.kinds.flow-list.label'),
  run: runFlowList,
  Editor: FlowListEditor,
};
