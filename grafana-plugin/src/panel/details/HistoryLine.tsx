import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import { LEAST_SAMPLES, type PastFigures } from '../../frames/history';
import { useLooks } from '../components/looks-context';
import { historyScale, historyText, verdictText } from './own-history';

interface Props {
  history: PastFigures;
  /** Of this one; null when it is not known. */
  durationMs: number | null;
  /** The checkpoint, for its colour. */
  color: string;
}

/** This one against all of its name in the last 24 hours. */
export function HistoryLine({ history, durationMs, color }: Props) {
  const theme = useTheme2();
  const looks = useLooks();
  const styles = useStyles2(getStyles);
  const isTelling = history.count >= LEAST_SAMPLES && durationMs !== null;
  const scale = isTelling ? historyScale(durationMs, history) : null;
  const verdict = isTelling ? verdictText(durationMs, history) : '';
  const percent = (part: number): string => `${part * 100}%`;
  return (
    <div className={styles.block} data-testid="flow-own-history">
      {scale !== null && (
        <div className={styles.scale} role="img" aria-label={verdict} title={verdict}>
          <span className={styles.usual} style={{ left: percent(scale.p50), right: percent(1 - scale.p95) }} />
          <span className={styles.tick} style={{ left: percent(scale.p50) }} />
          <span className={styles.tick} style={{ left: percent(scale.p95) }} />
          <span className={styles.mark} style={{ left: percent(scale.this), background: looks.color(theme, color) }} />
        </div>
      )}
      <div>{historyText(history, looks.duration)}</div>
      {verdict !== '' && (
        <div className={styles.verdict} data-slow={durationMs !== null && durationMs > history.p95Ms}>
          {verdict}
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  block: css({ marginTop: theme.spacing(1) }),
  scale: css({
    position: 'relative',
    height: 14,
    marginBottom: theme.spacing(0.25),
    '&::before': {
      content: '""',
      position: 'absolute',
      left: 0,
      right: 0,
      top: 6,
      height: 2,
      background: theme.colors.border.medium,
    },
  }),
  usual: css({ position: 'absolute', top: 5, height: 4, background: theme.colors.text.disabled }),
  tick: css({ position: 'absolute', top: 2, width: 1, height: 10, background: theme.colors.text.secondary }),
  mark: css({
    position: 'absolute',
    top: 1,
    width: 12,
    height: 12,
    marginLeft: -6,
    borderRadius: '50%',
    border: `2px solid ${theme.colors.background.primary}`,
  }),
  verdict: css({
    color: theme.colors.text.secondary,
    "&[data-slow='true']": { color: theme.colors.warning.text },
  }),
});
