import { InlineField, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { t } from '../../../texts/t';
import { FLOW_FORMATS, type FlowFormat } from '../../types';

/** As what flows are given. */
export function FormatField({ value, onApply }: { value: FlowFormat; onApply: (format: FlowFormat) => void }) {
  const options = FLOW_FORMATS.map((format) => ({
    value: format,
    label: t(`queries.formats.${format}.label`),
    description: t(`queries.formats.${format}.description`),
  }));
  return (
    <InlineField label={t('queries.editor.format')}>
      <RadioButtonGroup options={options} value={value} onChange={onApply} />
    </InlineField>
  );
}
