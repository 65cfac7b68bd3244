import React from 'react';
import { t } from '../../../texts/t';
import { FilterFields } from '../editor/FilterFields';
import { LimitField } from '../editor/LimitField';
import { MinDurationField } from '../editor/MinDurationField';
import { NewRow } from '../editor/NewRow';
import { TextField } from '../editor/TextField';
import type { KindEditorProps } from '../query-kind';
import { MAX_ROWS, type FlowListQuery } from './query';
import { StatusField } from './StatusField';

export function FlowListEditor(props: KindEditorProps<FlowListQuery>) {
  const { query, onChange, onApply, onRunQuery } = props;
  return (
    <>
      <StatusField value={query.status} onApply={onApply} />
      <NewRow />
      <FilterFields {...props} fields={['user', 'session', 'service', 'checkpoint']} />
      <NewRow />
      <TextField
        label={t('queries.editor.text')}
        tooltip={t('queries.editor.text-in')}
        value={query.text}
        placeholder={t('queries.editor.any')}
        onChange={(text) => onChange({ text })}
        onRunQuery={onRunQuery}
      />
      <MinDurationField {...props} />
      <LimitField value={query.limit} most={MAX_ROWS} onApply={onApply} />
    </>
  );
}
