import React from 'react';
import { t } from '../../../texts/t';
import { FLOW_FORMATS, type FlowFormat } from '../../types';
import { ChoiceField } from './ChoiceField';

/** As what flows are given. */
export function FormatField({ value, onApply }: { value: FlowFormat; onApply: (format: FlowFormat) => void }) {
  const options = FLOW_FORMATS.map((format) => ({
    value: format,
    label: t(`queries.formats.${format}.label`),
    description: t(`queries.formats.${format}.description`),
  }));
  return <ChoiceField label={t('queries.editor.format')} options={options} value={value} onApply={onApply} />;
}
