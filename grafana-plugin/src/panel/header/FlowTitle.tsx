import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { Elapsed } from '../components/Elapsed';
import { StatusIcon } from '../components/StatusIcon';

/** The flow that is shown, where there is room for no more than its name. */
export function FlowTitle({ flow }: { flow: PanelFlow }) {
  const styles = useStyles2(getStyles);
  const name = flow.name || t('common.unnamed-flow');
  return (
    <span className={styles.title}>
      <StatusIcon status={flow.status} />
      {/* Cut at its beginning, since names begin alike; the marks keep its own order. */}
      <span className={styles.name} title={name}>
        {`\u2066${name}\u2069`}
      </span>
      {(flow.status === 'running' || flow.durationMs !== null) && (
        <Elapsed className={styles.time} startedTs={flow.startedTs} durationMs={flow.durationMs} />
      )}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  title: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), minWidth: 0, flex: '0 1 auto' }),
  name: css({
    minWidth: 0,
    direction: 'rtl',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontWeight: theme.typography.fontWeightMedium,
  }),
  time: css({ flex: 'none', fontFamily: theme.typography.fontFamilyMonospace, fontSize: 11.5 }),
});
