import { FLOW_STATUSES } from '@flow-tracking/protocol';
import { InlineField, MultiCombobox } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../../../texts/t';
import { isFlowStatus } from '../filters';
import { FilterFields } from '../editor/FilterFields';
import { NumberField } from '../editor/NumberField';
import { TextField } from '../editor/TextField';
import type { KindEditorProps } from '../query-kind';
import { MAX_ROWS, type FlowListQuery } from './query';

export function FlowListEditor(props: KindEditorProps<FlowListQuery>) {
  const statusId = useId();
  const { query, onChange, onApply, onRunQuery } = props;
  return (
    <>
      <FilterFields {...props} fields={['user', 'session', 'service', 'checkpoint']} />
      <InlineField label={t('queries.editor.status')} htmlFor={statusId}>
        <MultiCombobox
          id={statusId}
          width="auto"
          minWidth={16}
          placeholder={t('queries.editor.any')}
          createCustomValue
          options={[
            ...FLOW_STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) })),
            ...query.status.filter((text) => !isFlowStatus(text)).map((variable) => ({ value: variable })),
          ]}
          value={query.status}
          onChange={(chosen) => onApply({ status: chosen.map(({ value }) => value) })}
        />
      </InlineField>
      <TextField
        label={t('queries.editor.min-duration')}
        value={query.minDurationMs}
        placeholder="0"
        width={12}
        onChange={(minDurationMs) => onChange({ minDurationMs })}
        onRunQuery={onRunQuery}
      />
      <TextField
        label={t('queries.editor.text')}
        tooltip={t('queries.editor.text-in')}
        value={query.text}
        placeholder={t('queries.editor.any')}
        onChange={(text) => onChange({ text })}
        onRunQuery={onRunQuery}
      />
      <NumberField
        label={t('queries.editor.limit')}
        value={query.limit}
        min={1}
        max={MAX_ROWS}
        onApply={(limit) => onApply({ limit: Math.round(limit) })}
      />
    </>
  );
}
