import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../../texts/t';
import { AppLinks } from '../../AppLinks';
import { DatasourceGate, type ReachedDatasource } from '../../datasource/DatasourceGate';
import { StepList } from './StepList';
import { TestFlow } from './TestFlow';
import { useSteps } from './use-steps';

/** From the datasource to the first flow: what works, what does not, and what to do. */
export function StartHerePage() {
  return (
    <PluginPage>
      <DatasourceGate>{(datasource) => <Chain datasource={datasource} />}</DatasourceGate>
    </PluginPage>
  );
}

function Chain({ datasource }: { datasource: ReachedDatasource }) {
  const styles = useStyles2(getStyles);
  const { steps, isRunning, refusal, run, sendFlow } = useSteps(datasource);
  const failed = steps.filter(({ status }) => status === 'fail').length;
  const warned = steps.filter(({ status }) => status === 'warn').length;
  const outcome =
    failed > 0
      ? t('app.start.failed', { count: failed })
      : warned > 0
        ? t('app.start.warned', { count: warned })
        : t('app.start.all-well');
  return (
    <div className={styles.page} data-testid="start-page" data-running={isRunning}>
      <p className={styles.lead}>{t('app.start.lead')}</p>
      <div className={styles.actions}>
        <Button icon="sync" disabled={isRunning} onClick={run}>
          {t('app.start.run-again')}
        </Button>
        <TestFlow refusal={refusal} isBusy={isRunning} onSend={sendFlow} />
      </div>
      <p className={styles.outcome} role="status">
        {isRunning ? t('app.start.running') : outcome}
      </p>
      <StepList steps={steps} />
      <h2 className={styles.heading}>{t('app.links.title')}</h2>
      <AppLinks isOnStart />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), maxWidth: 1100 }),
  lead: css({ margin: 0, color: theme.colors.text.secondary }),
  actions: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  outcome: css({ margin: 0, fontWeight: theme.typography.fontWeightMedium }),
  heading: css({ margin: theme.spacing(1, 0, 0), fontSize: theme.typography.h4.fontSize }),
});
