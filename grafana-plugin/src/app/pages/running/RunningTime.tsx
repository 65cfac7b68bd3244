import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { formatDuration } from '../../../panel/format';
import { useTicked } from '../../../panel/ticker';
import { t } from '../../../texts/t';
import type { BridgeClock } from './bridge-clock';
import { howLong } from './how-long';

/** Under a minute, tenths of a second are shown. */
const FAST_MS = 60_000;

/** How long a flow has run; goes on between answers, and says by word and colour when that is long. */
export function RunningTime({ startedTs, clock }: { startedTs: number; clock: BridgeClock }) {
  const styles = useStyles2(getStyles);
  const pace = clock.isStill ? 'idle' : clock.nowTs - startedTs < FAST_MS ? 'fast' : 'calm';
  const ageMs = (browserTs: number): number => Math.max(0, clock.at(browserTs) - startedTs);
  const text = useTicked(pace, (ts) => formatDuration(ageMs(ts)));
  const level = useTicked(pace, (ts) => howLong(ageMs(ts)));
  return (
    <span className={styles[level]} data-level={level}>
      {text}
      {level !== 'usual' && <span className={styles.word}>{t(`app.running.levels.${level}`)}</span>}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  // As wide as the longest text, so that no column moves while time goes on.
  const still = { display: 'inline-block', minWidth: theme.spacing(18), fontVariantNumeric: 'tabular-nums' } as const;
  return {
    usual: css(still),
    long: css({ ...still, color: theme.colors.warning.text }),
    'very-long': css({ ...still, color: theme.colors.error.text }),
    word: css({ marginLeft: theme.spacing(1), fontWeight: theme.typography.fontWeightMedium }),
  };
};
