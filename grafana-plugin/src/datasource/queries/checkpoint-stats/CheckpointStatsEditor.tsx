import { HISTOGRAM_MEASURES } from '@flow-tracking/protocol';
import { InlineField, MultiCombobox, RadioButtonGroup } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../../../texts/t';
import { FIGURES, STATS_VIEWS } from '../../types';
import { FilterFields } from '../editor/FilterFields';
import type { KindEditorProps } from '../query-kind';
import { figureText } from './figures';
import type { CheckpointStatsQuery } from './query';

export function CheckpointStatsEditor(props: KindEditorProps<CheckpointStatsQuery>) {
  const figuresId = useId();
  const { query, onApply } = props;
  return (
    <>
      <InlineField label={t('queries.editor.view')}>
        <RadioButtonGroup
          options={STATS_VIEWS.map((view) => ({ value: view, label: t(`queries.views.${view}`) }))}
          value={query.view}
          onChange={(view) => onApply({ view })}
        />
      </InlineField>
      {query.view === 'time-series' && (
        <InlineField label={t('queries.editor.figures')} htmlFor={figuresId}>
          <MultiCombobox
            id={figuresId}
            width="auto"
            minWidth={20}
            options={FIGURES.map((figure) => ({ value: figure, label: figureText(figure) }))}
            value={query.figures}
            onChange={(chosen) => onApply({ figures: chosen.map(({ value }) => value) })}
          />
        </InlineField>
      )}
      {query.view === 'heatmap' && (
        <InlineField label={t('queries.editor.of')}>
          <RadioButtonGroup
            options={HISTOGRAM_MEASURES.map((of) => ({ value: of, label: t(`queries.measures.${of}`) }))}
            value={query.of}
            onChange={(of) => onApply({ of })}
          />
        </InlineField>
      )}
      <FilterFields {...props} fields={['checkpoint']} />
    </>
  );
}
