import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import type { UsageTotals } from '../../frames/usage-tally';
import { t } from '../../texts/t';
import { statusTextColor } from '../colors';
import { flowStatusText } from '../format';
import { Elapsed } from '../components/Elapsed';
import type { SlowNodes } from '../layout/slow-nodes';
import { FlowFigures } from './FlowFigures';

/** One line about the flow that is shown, with the dashboard's links. */
export function FlowSummary(props: {
  flow: PanelFlow;
  /** Where they began, not where they passed through. Where there are any, a bar says the first one's reason. */
  failureCount: number;
  showUser: boolean;
  slow: SlowNodes;
  totals: UsageTotals;
}) {
  const { flow, failureCount, showUser, slow, totals } = props;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.line}>
      <strong className={styles.name}>{flow.name || t('common.unnamed-flow')}</strong>
      <span style={{ color: statusTextColor(theme, flow.status) }}>{flowStatusText(flow.status)}</span>
      {(flow.status === 'running' || flow.durationMs !== null) && (
        <Elapsed className={styles.mono} startedTs={flow.startedTs} durationMs={flow.durationMs} />
      )}
      <span className={styles.rest}>
        {showUser && flow.userId !== null && `${t('common.user', { id: flow.userId })} · `}
        {t('common.checkpoints', { count: flow.checkpointCount })}
        {failureCount > 0 && ` · ${t('header.failures', { count: failureCount })}`}
        {flow.httpStatus !== null && ` · ${t('header.http', { status: `${flow.httpStatus}` })}`}
      </span>
      <FlowFigures flowStartedTs={flow.startedTs} slow={slow} totals={totals} />
      {flow.error !== null && failureCount === 0 && (
        <span className={styles.error} title={`${flow.error.type}: ${flow.error.message}`}>
          {flow.error.message || flow.error.type}
        </span>
      )}
      {flow.missing !== '' && (
        <Tooltip content={t('header.events-missing-in-full', { events: flow.missing })}>
          <span className={styles.missing} tabIndex={0} data-testid="flow-missing">
            <Icon name="exclamation-triangle" size="sm" /> {t('header.events-missing')}
          </span>
        </Tooltip>
      )}
      <span className={styles.space} />
      {flow.links().map((link) => (
        <a
          key={link.href + link.title}
          className={styles.link}
          href={link.href}
          target={link.target}
          onClick={link.onClick}
        >
          {link.title}
        </a>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1.5),
    minHeight: 30,
    flex: 'none',
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    fontSize: theme.typography.bodySmall.fontSize,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  name: css({ fontWeight: theme.typography.fontWeightMedium }),
  mono: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 11.5 }),
  rest: css({ color: theme.colors.text.secondary }),
  error: css({ color: theme.colors.error.text, overflow: 'hidden', textOverflow: 'ellipsis' }),
  missing: css({ color: theme.colors.warning.text, display: 'inline-flex', alignItems: 'center', gap: 4 }),
  space: css({ flex: 1 }),
  link: css({ color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } }),
});
