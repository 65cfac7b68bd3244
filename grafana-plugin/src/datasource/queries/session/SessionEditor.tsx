import React from 'react';
import { t } from '../../../texts/t';
import { FormatField } from '../editor/FormatField';
import { TextField } from '../editor/TextField';
import type { KindEditorProps } from '../query-kind';
import type { SessionDetailQuery } from './query';

export function SessionEditor({ query, onChange, onApply, onRunQuery }: KindEditorProps<SessionDetailQuery>) {
  return (
    <>
      <TextField
        label={t('queries.editor.session-id')}
        tooltip={t('queries.editor.exactly', { variable: '$session' })}
        value={query.session}
        placeholder="$session"
        isWide
        onChange={(session) => onChange({ session })}
        onRunQuery={onRunQuery}
      />
      <FormatField value={query.format} onApply={(format) => onApply({ format })} />
    </>
  );
}
