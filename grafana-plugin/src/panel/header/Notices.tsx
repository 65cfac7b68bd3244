import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Notice } from '../../frames/meta';
import { t } from '../../texts/t';

/** What must be known about the flows below: that they are not all, or no longer up to date. */
export function Notices({ notices }: { notices: readonly Notice[] }) {
  const styles = useStyles2(getStyles);
  if (notices.length === 0) return null;
  return (
    <ul className={styles.list} role="status" aria-label={t('header.notices')}>
      {notices.map(({ severity, text }) => (
        <li key={text} className={styles.notice} data-testid="flow-notice" data-severity={severity}>
          <Icon name={severity === 'info' ? 'info-circle' : 'exclamation-triangle'} size="sm" />
          {text}
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    margin: 0,
    flex: 'none',
    maxHeight: theme.spacing(9),
    overflowY: 'auto',
    padding: theme.spacing(0.5, 1.5),
    fontSize: theme.typography.bodySmall.fontSize,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  notice: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    overflowWrap: 'anywhere',
    color: theme.colors.text.secondary,
    "&[data-severity='warning']": { color: theme.colors.warning.text },
    "&[data-severity='error']": { color: theme.colors.error.text },
  }),
});
