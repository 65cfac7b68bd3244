import type { QueryEditorProps } from '@grafana/data';
import { InlineField, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import React from 'react';
import type { FlowDatasource } from './datasource';
import { migrateQuery } from './migrate-query';
import type { FlowDatasourceOptions, FlowQuery, FlowQueryType, FlowSelection } from './types';

type Props = QueryEditorProps<FlowDatasource, FlowQuery, FlowDatasourceOptions>;
const TYPES: { label: string; value: FlowQueryType; description: string }[] = [
  { label: 'Live', value: 'live', description: 'Flows of monitored users as they happen' },
  { label: 'History', value: 'history', description: 'Flows that were recorded' },
];

const SELECTIONS: Record<FlowSelection, { label: string; value: FlowSelection; description: string }> = {
  user: { label: 'User', value: 'user', description: 'Flows of one or several users' },
  session: { label: 'Session', value: 'session', description: 'All flows of a session' },
  flow: { label: 'Flow', value: 'flow', description: 'One flow' },
  everyone: { label: 'Everyone', value: 'everyone', description: 'Flows of all users; live, of all monitored ones' },
};

const OFFERED: Record<FlowQueryType, FlowSelection[]> = {
  live: ['user', 'everyone'],
  history: ['session', 'flow', 'user', 'everyone'],
};

/** Chooses live or history, and whose. */
export function QueryEditor({ query, onChange, onRunQuery }: Props) {
  const explicit = migrateQuery(query);
  const { queryType, select } = explicit;

  const change = (changes: Partial<FlowQuery>): void => {
    onChange(migrateQuery({ ...explicit, ...changes }));
    onRunQuery();
  };

  return (
    <Stack gap={0} wrap="wrap">
      <InlineField label="Type">
        <RadioButtonGroup options={TYPES} value={queryType} onChange={(value) => change({ queryType: value })} />
      </InlineField>
      <InlineField label="Flows of">
        <RadioButtonGroup
          options={OFFERED[queryType].map((offered) => SELECTIONS[offered])}
          value={select}
          onChange={(value) => change({ select: value })}
        />
      </InlineField>
      {select !== 'everyone' && (
        <InlineField label={`${SELECTIONS[select].label} id`} tooltip={`Exactly, or a variable such as $${select}`}>
          <Input
            aria-label={`${SELECTIONS[select].label} id`}
            width={28}
            value={query[select] ?? ''}
            placeholder={`$${select}`}
            onChange={(event) => onChange({ ...explicit, [select]: event.currentTarget.value })}
            onBlur={onRunQuery}
            onKeyDown={(event) => {
              if (event.key === 'Enter') onRunQuery();
            }}
          />
        </InlineField>
      )}
    </Stack>
  );
}
