import { InlineField, Input } from '@grafana/ui';
import React from 'react';

interface Props {
  label: string;
  tooltip?: string;
  value: string;
  placeholder?: string;
  width?: number;
  onChange: (value: string) => void;
  onRunQuery: () => void;
}

/** A text that runs the query when it is left or Enter is pressed, not with every key. */
export function TextField({ label, tooltip, value, placeholder, width = 24, onChange, onRunQuery }: Props) {
  return (
    <InlineField label={label} tooltip={tooltip}>
      <Input
        aria-label={label}
        width={width}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={onRunQuery}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onRunQuery();
        }}
      />
    </InlineField>
  );
}
