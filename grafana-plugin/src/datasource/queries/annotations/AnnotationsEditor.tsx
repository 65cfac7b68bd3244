import React from 'react';
import { t } from '../../../texts/t';
import { ANNOTATED } from '../../types';
import { ChoiceField } from '../editor/ChoiceField';
import { FilterFields } from '../editor/FilterFields';
import { LimitField } from '../editor/LimitField';
import { MinDurationField } from '../editor/MinDurationField';
import { NewRow } from '../editor/NewRow';
import { NumberField } from '../editor/NumberField';
import type { KindEditorProps } from '../query-kind';
import { MAX_ANNOTATIONS, MAX_FACTOR, type AnnotationsQuery } from './query';
import { FILTERS } from './run';

export function AnnotationsEditor(props: KindEditorProps<AnnotationsQuery>) {
  const { query, onApply } = props;
  return (
    <>
      <ChoiceField
        label={t('queries.editor.annotate')}
        options={ANNOTATED.map((annotate) => ({ value: annotate, label: t(`queries.annotated.${annotate}`) }))}
        value={query.annotate}
        onApply={(annotate) => onApply({ annotate })}
      />
      <NewRow />
      <FilterFields {...props} fields={FILTERS[query.annotate]} />
      <NewRow />
      {query.annotate === 'slow' && (
        <>
          <NumberField
            label={t('queries.editor.factor')}
            tooltip={t('queries.editor.factor-of')}
            value={query.factor}
            min={0.1}
            max={MAX_FACTOR}
            step="any"
            onApply={(factor) => onApply({ factor })}
          />
          <MinDurationField
            {...props}
            label={t('queries.editor.slow-from')}
            tooltip={t('queries.editor.slow-from-instead')}
          />
        </>
      )}
      <LimitField value={query.limit} most={MAX_ANNOTATIONS} onApply={onApply} />
    </>
  );
}
