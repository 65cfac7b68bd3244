import React from 'react';
import { t } from '../../../texts/t';
import type { FlowQuery } from '../../types';
import type { KindEditorProps } from '../query-kind';
import { TextField } from './TextField';

interface Props extends KindEditorProps<FlowQuery & { minDurationMs: string }> {
  /** @default the filter of lists */
  label?: string;
  tooltip?: string;
}

/** A shortest duration, or a variable of it. */
export function MinDurationField({ query, onChange, onRunQuery, ...texts }: Props) {
  return (
    <TextField
      label={texts.label ?? t('queries.editor.min-duration')}
      tooltip={texts.tooltip ?? t('queries.editor.min-duration-of')}
      value={query.minDurationMs}
      placeholder={t('queries.editor.any')}
      unit={t('queries.editor.ms')}
      onChange={(minDurationMs) => onChange({ minDurationMs })}
      onRunQuery={onRunQuery}
    />
  );
}
