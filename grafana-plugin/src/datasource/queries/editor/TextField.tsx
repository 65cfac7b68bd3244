import { InlineField, Input } from '@grafana/ui';
import React, { useId, useRef } from 'react';
import { INPUT_WIDTH, LABEL_WIDTH, WIDE_INPUT_WIDTH } from './field-sizes';

interface Props {
  label: string;
  tooltip?: string;
  value: string;
  placeholder?: string;
  /** Shown behind what is typed. */
  unit?: string;
  /** For long texts, such as the id that a query is all about. */
  isWide?: boolean;
  onChange: (value: string) => void;
  onRunQuery: () => void;
}

/** A text that runs the query when Enter is pressed, or when it is left with another text; not with every key. */
export function TextField({ label, tooltip, value, placeholder, unit, isWide = false, onChange, onRunQuery }: Props) {
  const id = useId();
  const ran = useRef(value);
  const run = (): void => {
    ran.current = value;
    onRunQuery();
  };
  return (
    <InlineField label={label} labelWidth={LABEL_WIDTH} tooltip={tooltip}>
      <Input
        id={id}
        width={isWide ? WIDE_INPUT_WIDTH : INPUT_WIDTH}
        value={value}
        placeholder={placeholder}
        suffix={unit}
        spellCheck={false}
        autoComplete="off"
        onFocus={() => (ran.current = value)}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={() => {
          if (value !== ran.current) run();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') run();
        }}
      />
    </InlineField>
  );
}
