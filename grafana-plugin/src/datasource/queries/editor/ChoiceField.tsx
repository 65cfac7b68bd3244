import { InlineField, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { LABEL_WIDTH } from './field-sizes';

interface Props<Value extends string> {
  label: string;
  options: { value: Value; label: string; description?: string }[];
  value: Value;
  onApply: (value: Value) => void;
}

/** One of a few, all in sight. */
export function ChoiceField<Value extends string>({ label, options, value, onApply }: Props<Value>) {
  return (
    <InlineField label={label} labelWidth={LABEL_WIDTH}>
      {/* Grafana 12 names the group by nothing else. */}
      <RadioButtonGroup aria-label={label} options={options} value={value} onChange={onApply} />
    </InlineField>
  );
}
