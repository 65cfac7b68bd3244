import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
import { formatCount } from '../format';
import type { StatusFilter } from '../state/panel-state';

interface Props {
  counts: Readonly<Record<StatusFilter, number>>;
  filter: StatusFilter;
  onFilter: (filter: StatusFilter) => void;
}

const FILTERS: readonly StatusFilter[] = ['all', 'running', 'failed'];

/** Which flows the rail lists, with how many there are of each. */
export function StatusChips({ counts, filter, onFilter }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.chips} role="group" aria-label={t('rail.filters-label')}>
      {FILTERS.map((choice) => (
        <button
          key={choice}
          type="button"
          className={styles.chip}
          title={t(`rail.filters-in-full.${choice}`)}
          aria-pressed={choice === filter}
          data-testid={`flow-filter-${choice}`}
          onClick={() => onFilter(choice)}
        >
          {t(`rail.filters.${choice}`)} <span className={styles.count}>{formatCount(counts[choice])}</span>
        </button>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  chips: css({
    display: 'flex',
    flex: 'none',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    overflow: 'hidden',
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  chip: css({
    height: 20,
    padding: theme.spacing(0, 0.75),
    fontSize: 11,
    lineHeight: '18px',
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    background: 'transparent',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.pill,
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    "&[aria-pressed='true']": {
      color: theme.colors.text.primary,
      background: theme.colors.primary.transparent,
      borderColor: theme.colors.primary.borderTransparent,
    },
  }),
  count: css({ fontVariantNumeric: 'tabular-nums' }),
});
