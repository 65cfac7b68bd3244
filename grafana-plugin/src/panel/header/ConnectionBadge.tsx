import { css } from '@emotion/css';
import { locationUtil, type GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import { README_PATH } from '../../constants';
import type { FlowFrameMeta } from '../../frames/meta';
import { t } from '../../texts/t';
import { Age } from '../components/Age';
import { connectionText, type ShownConnection } from '../status-text';
import { clockTime } from '../time-format';

interface Props {
  meta: FlowFrameMeta;
  timeZone: string;
  /** Only a dot while all is well. */
  compact: boolean;
}

function dotColor(theme: GrafanaTheme2, state: ShownConnection): string {
  if (state === 'live') return theme.visualization.getColorByName('green');
  if (state === 'offline') return theme.colors.error.text;
  return state === 'history' ? theme.colors.text.disabled : theme.colors.warning.text;
}

/** Text wants more contrast than a dot. */
function textColor(theme: GrafanaTheme2, state: ShownConnection): string {
  if (state === 'live') return theme.colors.success.text;
  return state === 'history' ? theme.colors.text.secondary : dotColor(theme, state);
}

/** Whether what one sees is live, and if not, why, and since when nothing is known. */
export function ConnectionBadge({ meta, timeZone, compact }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { state, text, reason } = connectionText(meta);
  const color = dotColor(theme, state);
  const heardTs = meta.connection?.heardTs;
  // By the servers' clock, as ages are.
  const lastTs = meta.lastEventTs === null ? null : meta.lastEventTs - meta.clockOffsetMs;
  const isOverHttp = state === 'live' && meta.connection?.overHttp !== undefined;
  const well = state === 'live' || state === 'history';
  const badge = (
    <span
      className={styles.badge}
      role="status"
      aria-label={text}
      tabIndex={reason === null ? undefined : 0}
      data-testid="flow-connection"
      data-state={state}
    >
      {/* A ring where it is not live: not told by colour alone. */}
      <span className={styles.dot} data-filled={well} style={{ color }} />
      {!(compact && well) && <span style={{ color: textColor(theme, state) }}>{text}</span>}
    </span>
  );
  return (
    <>
      {reason === null ? (
        badge
      ) : (
        <Tooltip interactive={isOverHttp} content={isOverHttp ? <OverHttpHint reason={reason} /> : reason}>
          {badge}
        </Tooltip>
      )}
      {!compact && heardTs !== undefined && (
        <span className={styles.rest} data-testid="flow-frozen">
          {t('connection.frozen', { time: clockTime(heardTs, timeZone) })}
        </span>
      )}
      {!compact && heardTs === undefined && state === 'live' && lastTs !== null && (
        <span className={styles.rest}>
          <Age ts={lastTs} timeZone={timeZone} inWords={(age) => t('connection.last-event', { age })} />
        </span>
      )}
    </>
  );
}

/** Nothing is wrong for who watches; who runs Grafana may want to mend it. */
function OverHttpHint({ reason }: { reason: string }) {
  const styles = useStyles2(getStyles);
  return (
    <>
      {reason}{' '}
      <a className={styles.link} href={locationUtil.assureBaseUrl(README_PATH)}>
        {t('connection.over-http-guide')}
      </a>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  badge: css({
    display: 'inline-flex',
    alignItems: 'center',
    flex: 'none',
    gap: theme.spacing(0.75),
    padding: 3,
    whiteSpace: 'nowrap',
    fontWeight: theme.typography.fontWeightMedium,
  }),
  dot: css({
    width: 8,
    height: 8,
    flex: 'none',
    borderRadius: theme.shape.radius.circle,
    border: '2px solid currentColor',
    "&[data-filled='true']": {
      background: 'currentColor',
      boxShadow: `0 0 0 3px ${theme.colors.emphasize(theme.colors.background.primary, 0.08)}`,
    },
  }),
  link: css({ color: theme.colors.text.link, textDecoration: 'underline' }),
  rest: css({
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
  }),
});
