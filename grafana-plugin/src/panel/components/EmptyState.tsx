import { css } from '@emotion/css';
import { locationUtil, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { monitoringPagePath } from '../../constants';
import { ExactLinkButton } from '../../ExactLinkButton';
import type { EmptyText } from '../status-text';

/** What stands in place of flows: why there are none, and what to do. */
export function EmptyState({ text }: { text: EmptyText }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.box} role="status" data-testid="flow-empty">
      <p className={styles.title}>{text.title}</p>
      {text.hint !== '' && <p className={styles.hint}>{text.hint}</p>}
      {text.monitoringOf !== undefined && (
        <ExactLinkButton icon="eye" href={locationUtil.assureBaseUrl(monitoringPagePath(text.monitoringOf))}>
          Switch on monitoring
        </ExactLinkButton>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    flex: 1,
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    padding: theme.spacing(2),
    textAlign: 'center',
    overflow: 'auto',
  }),
  title: css({ margin: 0, fontSize: theme.typography.h5.fontSize, overflowWrap: 'anywhere' }),
  hint: css({ margin: theme.spacing(0.5, 0, 1.5), maxWidth: 480, color: theme.colors.text.secondary }),
});
