import type { AnnotationQuery, AnnotationSupport } from '@grafana/data';
import { AnnotationEditor } from './AnnotationEditor';
import { readAnnotationsQuery } from './queries/annotations/query';
import type { FlowQuery } from './types';

/** Annotations of dashboards: always queries of the kind `annotations`, whatever was saved. */
export function createAnnotationSupport(): AnnotationSupport<FlowQuery> {
  return {
    QueryEditor: AnnotationEditor,
    getDefaultQuery: () => ({ queryType: 'annotations', annotate: 'errors' }),
    prepareQuery: (annotation: AnnotationQuery<FlowQuery>) =>
      readAnnotationsQuery({ ...annotation.target, refId: annotation.target?.refId ?? 'Anno' }),
  };
}
