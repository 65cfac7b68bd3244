import React from 'react';
import { t } from '../../../texts/t';
import { FilterFields } from '../editor/FilterFields';
import { NumberField } from '../editor/NumberField';
import { TextField } from '../editor/TextField';
import type { KindEditorProps } from '../query-kind';
import { MAX_RUNNING, type RunningQuery } from './query';

export function RunningEditor(props: KindEditorProps<RunningQuery>) {
  const { query, onChange, onApply, onRunQuery } = props;
  return (
    <>
      <FilterFields {...props} fields={['user', 'service', 'checkpoint']} />
      <TextField
        label={t('queries.editor.min-duration')}
        value={query.minDurationMs}
        placeholder="0"
        width={12}
        onChange={(minDurationMs) => onChange({ minDurationMs })}
        onRunQuery={onRunQuery}
      />
      <NumberField
        label={t('queries.editor.limit')}
        value={query.limit}
        min={1}
        max={MAX_RUNNING}
        onApply={(limit) => onApply({ limit: Math.round(limit) })}
      />
    </>
  );
}
