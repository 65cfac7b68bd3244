import React from 'react';
import { t } from '../../../texts/t';
import type { FlowQuery } from '../../types';
import type { KindEditorProps } from '../query-kind';
import { ChoiceField } from './ChoiceField';
import { TextField } from './TextField';

interface UsersQuery extends FlowQuery {
  select: 'user' | 'everyone';
  user: string;
}

/** Chooses some users, or everyone. */
export function SelectUsers({
  query,
  isLive = false,
  onChange,
  onApply,
  onRunQuery,
}: KindEditorProps<UsersQuery> & { isLive?: boolean }) {
  const everyone = isLive ? t('queries.editor.everyone-live') : t('queries.editor.everyone-history');
  const options = [
    { label: t('queries.editor.select-user'), value: 'user' as const, description: t('queries.editor.some-users') },
    { label: t('queries.editor.select-everyone'), value: 'everyone' as const, description: everyone },
  ];
  return (
    <>
      <ChoiceField
        label={t('queries.editor.flows-of')}
        options={options}
        value={query.select}
        onApply={(select) => onApply({ select })}
      />
      {query.select === 'user' && (
        <TextField
          label={t('queries.editor.user-id')}
          tooltip={t('queries.editor.exactly', { variable: '$user' })}
          value={query.user}
          placeholder="$user"
          isWide
          onChange={(user) => onChange({ user })}
          onRunQuery={onRunQuery}
        />
      )}
    </>
  );
}
