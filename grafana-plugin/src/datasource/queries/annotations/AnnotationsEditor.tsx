import { InlineField, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { t } from '../../../texts/t';
import { ANNOTATED } from '../../types';
import { FilterFields } from '../editor/FilterFields';
import { NumberField } from '../editor/NumberField';
import { TextField } from '../editor/TextField';
import type { KindEditorProps } from '../query-kind';
import { MAX_ANNOTATIONS, MAX_FACTOR, type AnnotationsQuery } from './query';
import { FILTERS } from './run';

export function AnnotationsEditor(props: KindEditorProps<AnnotationsQuery>) {
  const { query, onChange, onApply, onRunQuery } = props;
  return (
    <>
      <InlineField label={t('queries.editor.annotate')}>
        <RadioButtonGroup
          options={ANNOTATED.map((annotate) => ({ value: annotate, label: t(`queries.annotated.${annotate}`) }))}
          value={query.annotate}
          onChange={(annotate) => onApply({ annotate })}
        />
      </InlineField>
      <FilterFields {...props} fields={FILTERS[query.annotate]} />
      {query.annotate === 'slow' && (
        <>
          <NumberField
            label={t('queries.editor.factor')}
            tooltip={t('queries.editor.factor-of')}
            value={query.factor}
            min={0.1}
            max={MAX_FACTOR}
            onApply={(factor) => onApply({ factor })}
          />
          <TextField
            label={t('queries.editor.slow-from')}
            tooltip={t('queries.editor.slow-from-instead')}
            value={query.minDurationMs}
            width={12}
            onChange={(minDurationMs) => onChange({ minDurationMs })}
            onRunQuery={onRunQuery}
          />
        </>
      )}
      <NumberField
        label={t('queries.editor.limit')}
        value={query.limit}
        min={1}
        max={MAX_ANNOTATIONS}
        onApply={(limit) => onApply({ limit: Math.round(limit) })}
      />
    </>
  );
}
