import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../../texts/t';
import type { Step } from './step';

const ICONS: Record<Step['status'], IconName> = {
  ok: 'check-circle',
  warn: 'exclamation-triangle',
  fail: 'times-circle',
  skip: 'minus-circle',
  running: 'spinner',
};

/** The chain, a line a step: how it stands, what was found, and what to do. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const styles = useStyles2(getStyles);
  return (
    <ol className={styles.list} aria-label={t('app.start.chain')}>
      {steps.map(({ id, title, status, detail, fix }) => (
        <li key={id} className={styles.step} data-testid="start-step" data-step={id} data-status={status}>
          <span className={styles[status]} role="img" aria-label={t(`app.start.statuses.${status}`)}>
            <Icon name={ICONS[status]} size="lg" />
          </span>
          <div className={styles.text}>
            <div>
              <span className={styles.title}>{title}</span> <span className={styles.detail}>{detail}</span>
            </div>
            {fix !== null && <div className={styles.fix}>{fix}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, padding: 0 }),
  step: css({
    display: 'flex',
    gap: theme.spacing(1.5),
    padding: theme.spacing(0.75, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  text: css({ minWidth: 0, overflowWrap: 'anywhere' }),
  title: css({ fontWeight: theme.typography.fontWeightMedium, marginRight: theme.spacing(1) }),
  detail: css({ color: theme.colors.text.secondary }),
  fix: css({ marginTop: theme.spacing(0.25) }),
  ok: css({ color: theme.colors.success.text }),
  warn: css({ color: theme.colors.warning.text }),
  fail: css({ color: theme.colors.error.text }),
  skip: css({ color: theme.colors.text.secondary }),
  running: css({ color: theme.colors.text.secondary }),
});
