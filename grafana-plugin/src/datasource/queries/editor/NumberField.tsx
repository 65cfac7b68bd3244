import { InlineField, Input } from '@grafana/ui';
import React from 'react';

interface Props {
  label: string;
  tooltip?: string;
  value: number;
  min: number;
  max: number;
  onApply: (value: number) => void;
}

/** A number that is taken, within its bounds, when the field is left or Enter is pressed. */
export function NumberField({ label, tooltip, value, min, max, onApply }: Props) {
  const apply = (text: string): void => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) return;
    onApply(Math.min(max, Math.max(min, number)));
  };
  return (
    <InlineField label={label} tooltip={tooltip}>
      <Input
        // Anew when the query changes by itself.
        key={value}
        aria-label={label}
        type="number"
        width={12}
        min={min}
        max={max}
        defaultValue={value}
        onBlur={(event) => apply(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply(event.currentTarget.value);
        }}
      />
    </InlineField>
  );
}
