import React from 'react';
import { t } from '../../../texts/t';
import type { FilterField } from '../filters';
import type { KindEditorProps } from '../query-kind';
import type { FlowQuery } from '../../types';
import { TextField } from './TextField';

interface Props extends KindEditorProps<FlowQuery> {
  fields: readonly FilterField[];
}

/** Filters by id or name; what is empty filters nothing. */
export function FilterFields({ fields, query, onChange, onRunQuery }: Props) {
  return (
    <>
      {fields.map((field) => (
        <TextField
          key={field}
          label={t(`queries.editor.filter-${field}`)}
          tooltip={t('queries.editor.filter', { variable: `$${field}` })}
          value={query[field] ?? ''}
          placeholder={t('queries.editor.any')}
          onChange={(value) => onChange({ [field]: value })}
          onRunQuery={onRunQuery}
        />
      ))}
    </>
  );
}
