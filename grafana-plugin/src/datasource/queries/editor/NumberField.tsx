import { InlineField, Input } from '@grafana/ui';
import React, { useId, useState } from 'react';
import { INPUT_WIDTH, LABEL_WIDTH } from './field-sizes';

interface Props {
  label: string;
  tooltip?: string;
  value: number;
  min: number;
  max: number;
  /** Between two numbers that it takes; `any` for none. */
  step: number | 'any';
  onApply: (value: number) => void;
}

/** A number that is taken, within its bounds, when the field is left or Enter is pressed. What is no number is undone. */
export function NumberField({ label, tooltip, value, min, max, step, onApply }: Props) {
  const id = useId();
  /** What is typed; null while that is the value. */
  const [typed, setTyped] = useState<string | null>(null);
  const apply = (): void => {
    setTyped(null);
    const number = Number(typed ?? '');
    if (typed === null || typed.trim() === '' || !Number.isFinite(number)) return;
    const taken = Math.min(max, Math.max(min, step === 'any' ? number : Math.round(number / step) * step));
    if (taken !== value) onApply(taken);
  };
  return (
    <InlineField label={label} labelWidth={LABEL_WIDTH} tooltip={tooltip}>
      <Input
        id={id}
        type="number"
        width={INPUT_WIDTH}
        min={min}
        max={max}
        step={step}
        value={typed ?? value}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply();
        }}
      />
    </InlineField>
  );
}
