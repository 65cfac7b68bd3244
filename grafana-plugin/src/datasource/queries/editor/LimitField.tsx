import React from 'react';
import { t } from '../../../texts/t';
import { NumberField } from './NumberField';

interface Props {
  value: number;
  most: number;
  onApply: (changes: { limit: number }) => void;
}

/** Rows or marks that a query gives at most. */
export function LimitField({ value, most, onApply }: Props) {
  return (
    <NumberField
      label={t('queries.editor.limit')}
      tooltip={t('queries.editor.limit-of', { most })}
      value={value}
      min={1}
      max={most}
      step={1}
      onApply={(limit) => onApply({ limit })}
    />
  );
}
