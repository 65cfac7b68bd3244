import type { OpenCheckpoint, RunningFlow } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import { modelOf, toolOf } from '../../../datasource/queries/running/waited-for';
import { checkpointColor } from '../../../panel/colors';
import { formatDuration } from '../../../panel/format';
import { t } from '../../../texts/t';

/** `tool_call · search`: the checkpoint, and the tool or model that it says. */
function textOf(open: OpenCheckpoint): string {
  return [open.checkpoint, toolOf(open) ?? modelOf(open)].filter((part) => part !== null).join(' · ');
}

/** What a flow waits for: the checkpoint that is open longest, all that it waits for as a title. */
export function WaitsFor({ running: { open }, nowTs }: { running: RunningFlow; nowTs: number }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const [first, ...others] = open;
  if (first === undefined) return <span className={styles.none}>{t('app.running.no-step')}</span>;
  const all = open.map((one) => `${textOf(one)}: ${formatDuration(nowTs - one.started_ts)}`).join('\n');
  return (
    <span title={all}>
      <span className={styles.dot} style={{ background: checkpointColor(theme, first.checkpoint) }} aria-hidden />
      {textOf(first)}
      {others.length > 0 && <span className={styles.none}>{` +${others.length}`}</span>}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  none: css({ color: theme.colors.text.secondary }),
  dot: css({
    display: 'inline-block',
    width: 8,
    height: 8,
    marginRight: theme.spacing(1),
    borderRadius: theme.shape.radius.circle,
  }),
});
