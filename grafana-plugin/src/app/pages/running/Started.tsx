import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { formatAge } from '../../../panel/format';

const DAY_MS = 86_400_000;

/** When a flow began, and how long ago that is; the date only where the time of day does not say it. */
export function Started({ startedTs, nowTs }: { startedTs: number; nowTs: number }) {
  const styles = useStyles2(getStyles);
  const whole = dateTimeFormat(startedTs);
  return (
    <span title={whole}>
      <span className={styles.time}>
        {nowTs - startedTs < DAY_MS ? dateTimeFormat(startedTs, { format: 'HH:mm:ss' }) : whole}
      </span>
      <span className={styles.age}>{formatAge(nowTs - startedTs)}</span>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  time: css({ fontVariantNumeric: 'tabular-nums' }),
  age: css({ marginLeft: theme.spacing(1), color: theme.colors.text.secondary }),
});
