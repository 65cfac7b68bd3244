import { CHECK_FLOW } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import { locationUtil, type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { sessionDashboardPath } from '../../../constants';
import { chosenDatasource } from '../../datasource/chosen-datasource';
import { ExactLinkButton } from '../../../ExactLinkButton';
import { t } from '../../../texts/t';

interface Props {
  refusal: string | null;
  isBusy: boolean;
  onSend: () => Promise<string | null>;
}

/** Sends a flow through the whole chain, and leads to it. */
export function TestFlow({ refusal, isBusy, onSend }: Props) {
  const styles = useStyles2(getStyles);
  const [isSending, setSending] = useState(false);
  const [sent, setSent] = useState<{ flowId: string | null; problem: string | null } | null>(null);

  const send = async (): Promise<void> => {
    setSending(true);
    setSent(null);
    try {
      const flowId = await onSend();
      setSent({ flowId, problem: flowId === null ? t('app.start.flow-not-stored') : null });
    } catch (error) {
      setSent({ flowId: null, problem: error instanceof Error ? error.message : String(error) });
    } finally {
      setSending(false);
    }
  };

  return (
    <div className={styles}>
      <Button
        icon={isSending ? 'spinner' : 'play'}
        variant="secondary"
        disabled={refusal !== null || isBusy || isSending}
        tooltip={refusal ?? t('app.start.test-flow-hint')}
        onClick={() => void send()}
      >
        {t('app.start.send-test-flow')}
      </Button>
      <span role="status">{sent?.problem ?? (sent === null ? '' : t('app.start.flow-arrived'))}</span>
      {sent?.flowId != null && (
        <ExactLinkButton
          href={locationUtil.assureBaseUrl(
            sessionDashboardPath({
              userId: CHECK_FLOW.user,
              sessionId: sent.flowId,
              datasourceUid: chosenDatasource(),
            }),
          )}
        >
          {t('app.start.show-flow')}
        </ExactLinkButton>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) });
