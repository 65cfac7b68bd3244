import type { QueryEditorProps } from '@grafana/data';
import { Combobox, InlineField, Stack } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../texts/t';
import type { FlowDatasource } from './datasource';
import { INPUT_WIDTH, LABEL_WIDTH } from './queries/editor/field-sizes';
import { QUERY_KINDS, resolveQuery } from './queries/registry';
import type { FlowDatasourceOptions, FlowQuery, FlowSelection, QueryKindName } from './types';

type Props = QueryEditorProps<FlowDatasource, FlowQuery, FlowDatasourceOptions>;

/** Chooses the kind of query; the rest is the kind's own editor. */
export function QueryEditor({ query: saved, onChange, onRunQuery }: Props) {
  // Grafana 12's Combobox takes no label but by its id.
  const kindId = useId();
  const { kind, query } = resolveQuery(saved);
  const { Editor } = kind;
  const change = (changes: Partial<FlowQuery>): void => onChange({ ...query, ...changes });
  const apply = (changes: Partial<FlowQuery>): void => {
    change(changes);
    onRunQuery();
  };
  return (
    <Stack gap={0} wrap="wrap">
      <InlineField label={t('queries.editor.kind')} labelWidth={LABEL_WIDTH} htmlFor={kindId}>
        <Combobox<QueryKindName>
          id={kindId}
          width={INPUT_WIDTH}
          options={QUERY_KINDS.map(({ name, label, description }) => ({
            value: name,
            label: label(),
            description: description(),
          }))}
          value={kind.name}
          onChange={({ value }) => apply({ queryType: value, select: selectionFor(query) })}
        />
      </InlineField>
      <Editor query={query} onChange={change} onApply={apply} onRunQuery={onRunQuery} />
    </Stack>
  );
}

/** Who chose everyone goes on with everyone, and nobody else comes to that, whatever is filled in: a list has its own filters. */
function selectionFor({ queryType, select }: FlowQuery): FlowSelection {
  return select === 'everyone' && (queryType === 'live' || queryType === 'history') ? 'everyone' : 'user';
}
