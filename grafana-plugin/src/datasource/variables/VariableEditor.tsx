import type { QueryEditorProps } from '@grafana/data';
import { Stack } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
import type { FlowDatasource } from '../datasource';
import { ChoiceField } from '../queries/editor/ChoiceField';
import { NewRow } from '../queries/editor/NewRow';
import { TextField } from '../queries/editor/TextField';
import type { FlowDatasourceOptions, FlowQuery } from '../types';
import { readVariableQuery, REF_ID, SELECTORS, type VariableQuery } from './query';

type Props = QueryEditorProps<FlowDatasource, FlowQuery, FlowDatasourceOptions, VariableQuery>;

/** A text that is no query starts anew. */
function readOrNew(saved: unknown): VariableQuery {
  try {
    return readVariableQuery(saved);
  } catch {
    return { refId: REF_ID, select: 'users', user: '', search: '' };
  }
}

/** Chooses what a variable lists. */
export function VariableEditor({ query: saved, onChange, onRunQuery }: Props) {
  const query = readOrNew(saved);
  const change = (changes: Partial<VariableQuery>): void => onChange({ ...query, ...changes });
  return (
    <Stack gap={0} wrap="wrap">
      <ChoiceField
        label={t('variables.list')}
        options={SELECTORS.map((select) => ({ value: select, label: t(`variables.selectors.${select}`) }))}
        value={query.select}
        onApply={(select) => {
          change({ select });
          onRunQuery();
        }}
      />
      <NewRow />
      {query.select === 'sessions' && (
        <TextField
          label={t('variables.of-user')}
          tooltip={t('variables.of-user-hint')}
          value={query.user}
          placeholder="$user"
          onChange={(user) => change({ user })}
          onRunQuery={onRunQuery}
        />
      )}
      <TextField
        label={t('variables.search')}
        tooltip={t('variables.search-hint', { variable: '$__searchFilter' })}
        value={query.search}
        placeholder="$__searchFilter"
        onChange={(search) => change({ search })}
        onRunQuery={onRunQuery}
      />
    </Stack>
  );
}
