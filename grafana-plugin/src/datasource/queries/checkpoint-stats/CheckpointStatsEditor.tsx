import { HISTOGRAM_MEASURES } from '@flow-tracking/protocol';
import { InlineField, MultiCombobox } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../../../texts/t';
import { FIGURES, STATS_VIEWS } from '../../types';
import { ChoiceField } from '../editor/ChoiceField';
import { LABEL_WIDTH, WIDE_INPUT } from '../editor/field-sizes';
import { FilterFields } from '../editor/FilterFields';
import { NewRow } from '../editor/NewRow';
import type { KindEditorProps } from '../query-kind';
import { figureText } from './figures';
import type { CheckpointStatsQuery } from './query';

export function CheckpointStatsEditor(props: KindEditorProps<CheckpointStatsQuery>) {
  const figuresId = useId();
  const { query, onApply } = props;
  return (
    <>
      <ChoiceField
        label={t('queries.editor.view')}
        options={STATS_VIEWS.map((view) => ({ value: view, label: t(`queries.views.${view}`) }))}
        value={query.view}
        onApply={(view) => onApply({ view })}
      />
      <NewRow />
      <FilterFields {...props} fields={['checkpoint']} />
      {query.view === 'time-series' && (
        <InlineField label={t('queries.editor.figures')} labelWidth={LABEL_WIDTH} htmlFor={figuresId}>
          <MultiCombobox
            id={figuresId}
            {...WIDE_INPUT}
            options={FIGURES.map((figure) => ({ value: figure, label: figureText(figure) }))}
            value={query.figures}
            onChange={(chosen) => onApply({ figures: chosen.map(({ value }) => value) })}
          />
        </InlineField>
      )}
      {query.view === 'heatmap' && (
        <ChoiceField
          label={t('queries.editor.of')}
          options={HISTOGRAM_MEASURES.map((of) => ({ value: of, label: t(`queries.measures.${of}`) }))}
          value={query.of}
          onApply={(of) => onApply({ of })}
        />
      )}
    </>
  );
}
