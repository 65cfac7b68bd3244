import { t } from '../../../texts/t';
import type { QueryKind } from '../query-kind';
import { AnnotationsEditor } from './AnnotationsEditor';
import { readAnnotationsQuery, type AnnotationsQuery } from './query';
import { runAnnotations } from './run';

export const annotations: QueryKind<AnnotationsQuery> = {
  name: 'annotations',
  label: () => t('queries.kinds.annotations.label'),
  description: () => t('queries.kinds.annotations.description'),
  read: readAnnotationsQuery,
  describe: ({ annotate }) => t(`queries.annotated.${annotate}`),
  run: runAnnotations,
  Editor: AnnotationsEditor,
};
