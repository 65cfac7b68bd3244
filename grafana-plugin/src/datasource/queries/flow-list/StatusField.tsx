import { FLOW_STATUSES } from '@flow-tracking/protocol';
import { InlineField, MultiCombobox } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../../../texts/t';
import { LABEL_WIDTH, WIDE_INPUT } from '../editor/field-sizes';
import { isFlowStatus } from '../filters';

/** Statuses, and variables of them. */
export function StatusField({ value, onApply }: { value: string[]; onApply: (changes: { status: string[] }) => void }) {
  const id = useId();
  return (
    <InlineField label={t('queries.editor.status')} labelWidth={LABEL_WIDTH} htmlFor={id}>
      <MultiCombobox
        id={id}
        {...WIDE_INPUT}
        placeholder={t('queries.editor.any')}
        createCustomValue
        options={[
          ...FLOW_STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) })),
          ...value.filter((text) => !isFlowStatus(text)).map((variable) => ({ value: variable })),
        ]}
        value={value}
        onChange={(chosen) => onApply({ status: chosen.map((option) => option.value) })}
      />
    </InlineField>
  );
}
