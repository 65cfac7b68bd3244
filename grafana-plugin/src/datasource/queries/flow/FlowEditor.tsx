import React from 'react';
import { t } from '../../../texts/t';
import { FormatField } from '../editor/FormatField';
import { TextField } from '../editor/TextField';
import type { KindEditorProps } from '../query-kind';
import type { FlowDetailQuery } from './query';

export function FlowEditor({ query, onChange, onApply, onRunQuery }: KindEditorProps<FlowDetailQuery>) {
  return (
    <>
      <TextField
        label={t('queries.editor.flow-id')}
        tooltip={t('queries.editor.exactly', { variable: '$flow' })}
        value={query.flow}
        placeholder="$flow"
        isWide
        onChange={(flow) => onChange({ flow })}
        onRunQuery={onRunQuery}
      />
      <FormatField value={query.format} onApply={(format) => onApply({ format })} />
    </>
  );
}
