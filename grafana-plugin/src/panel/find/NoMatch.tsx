import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';

/** Told where nothing meets the search and the filters, with the way out. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.bar} role="status" data-testid="flow-no-match">
      {t('find.no-checkpoint')}
      <button type="button" className={styles.clear} onClick={onClear}>
        {t('find.clear-all')}
      </button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    flex: 'none',
    minHeight: 28,
    padding: theme.spacing(0, 1.5),
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.primary,
    background: theme.colors.background.secondary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  clear: css({
    padding: 0,
    border: 0,
    background: 'none',
    font: 'inherit',
    color: theme.colors.text.link,
    '&:hover': { textDecoration: 'underline' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
});
