import type { AnnotationQuery, QueryEditorProps } from '@grafana/data';
import { Stack } from '@grafana/ui';
import React from 'react';
import type { FlowDatasource } from './datasource';
import { AnnotationsEditor } from './queries/annotations/AnnotationsEditor';
import { readAnnotationsQuery } from './queries/annotations/query';
import type { FlowDatasourceOptions, FlowQuery } from './types';

type Props = QueryEditorProps<FlowDatasource, FlowQuery, FlowDatasourceOptions> & {
  annotation?: AnnotationQuery<FlowQuery>;
  onAnnotationChange?: (annotation: AnnotationQuery<FlowQuery>) => void;
};

/** The editor of an annotation, without a choice of kinds. */
export function AnnotationEditor({ query, onChange, onRunQuery, annotation, onAnnotationChange }: Props) {
  const read = readAnnotationsQuery(query ?? annotation?.target ?? { refId: 'Anno' });
  const change = (changes: Partial<FlowQuery>): void => {
    const target = { ...read, ...changes };
    if (annotation !== undefined && onAnnotationChange !== undefined) onAnnotationChange({ ...annotation, target });
    else onChange(target);
  };
  return (
    <Stack gap={0} wrap="wrap">
      <AnnotationsEditor
        query={read}
        onChange={change}
        onApply={(changes) => {
          change(changes);
          onRunQuery();
        }}
        onRunQuery={onRunQuery}
      />
    </Stack>
  );
}
