import type { QueryEditorProps } from '@grafana/data';
import { InlineField, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import React, { type ChangeEvent } from 'react';
import type { FlowDatasource } from './datasource';
import type { FlowDatasourceOptions, FlowQuery, FlowQueryType } from './types';

type Props = QueryEditorProps<FlowDatasource, FlowQuery, FlowDatasourceOptions>;
type TextField = 'user' | 'session' | 'flow';

const TYPES: { label: string; value: FlowQueryType; description: string }[] = [
  { label: 'Live', value: 'live', description: 'Flows of monitored users as they happen' },
  { label: 'History', value: 'history', description: 'Flows that were recorded' },
];

const FIELDS: Record<TextField, { label: string; tooltip: string; placeholder: string }> = {
  user: { label: 'User', tooltip: 'User id, or a variable such as $user', placeholder: 'Every monitored user' },
  session: { label: 'Session', tooltip: 'Session id, or a variable such as $session', placeholder: 'Any' },
  flow: { label: 'Flow', tooltip: 'Flow id. Wins over the session.', placeholder: 'Any' },
};

/** Chooses live or history, and whose. */
export function QueryEditor({ query, onChange, onRunQuery }: Props) {
  const queryType = query.queryType ?? 'live';
  const fields: TextField[] = queryType === 'live' ? ['user'] : ['session', 'flow', 'user'];

  const onType = (value: FlowQueryType): void => {
    onChange({ ...query, queryType: value });
    onRunQuery();
  };
  const onText = (name: TextField) => (event: ChangeEvent<HTMLInputElement>) =>
    onChange({ ...query, [name]: event.currentTarget.value });

  return (
    <Stack gap={0} wrap="wrap">
      <InlineField label="Type">
        <RadioButtonGroup options={TYPES} value={queryType} onChange={onType} />
      </InlineField>
      {fields.map((name) => (
        <InlineField key={name} label={FIELDS[name].label} tooltip={FIELDS[name].tooltip}>
          <Input
            aria-label={FIELDS[name].label}
            width={28}
            value={query[name] ?? ''}
            placeholder={name === 'user' && queryType === 'history' ? 'All users' : FIELDS[name].placeholder}
            onChange={onText(name)}
            onBlur={onRunQuery}
            onKeyDown={(event) => {
              if (event.key === 'Enter') onRunQuery();
            }}
          />
        </InlineField>
      ))}
    </Stack>
  );
}
