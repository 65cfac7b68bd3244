import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { PastFigures } from '../../frames/history';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { Elapsed } from '../components/Elapsed';
import { useLooks } from '../components/looks-context';
import type { Forest } from '../layout/forest';
import { beginOf, endOf } from '../layout/node-span';
import { clockTimeMs } from '../time-format';
import { formatShare, isTimed } from './figures';
import { HistoryLine } from './HistoryLine';
import { useFigures } from './use-figures';

interface Props {
  flow: PanelFlow;
  forest: Forest;
  node: PanelNode;
  timeZone: string;
  /** Of checkpoints of this name; null when nothing is known. */
  history: PastFigures | null;
}

/** How long a node took, when, and how much of its flow that is. */
export function FiguresBlock({ flow, forest, node, timeZone, history }: Props) {
  const theme = useTheme2();
  const looks = useLooks();
  const styles = useStyles2(getStyles);
  const { durationMs, share, selfMs, place, isMoving } = useFigures(flow, forest, node);
  const isRunning = node.status === 'running';
  const time = (ts: number): string => clockTimeMs(ts, timeZone);
  const shareText = share === null ? null : formatShare(share);
  const barLabel = t('details.place', { from: formatShare(place.from), to: formatShare(place.to) });
  return (
    <div>
      <dl className={styles.figures}>
        <Figure name={t(isRunning ? 'details.running-for' : isTimed(node) ? 'details.duration' : 'details.led-up')}>
          {durationMs === null ? (
            t('details.unknown')
          ) : (
            <Elapsed startedTs={node.startedTs} durationMs={isRunning ? null : durationMs} />
          )}
        </Figure>
        {shareText !== null && (
          <Figure name={t(flow.status === 'running' ? 'details.of-flow-so-far' : 'details.of-flow')}>
            {shareText}
          </Figure>
        )}
        {selfMs !== null && <Figure name={t('details.own-time')}>{looks.duration(selfMs)}</Figure>}
      </dl>
      <div className={styles.bar} role="img" aria-label={barLabel} title={barLabel}>
        <span
          className={styles.place}
          data-moving={isMoving}
          style={{
            left: `${place.from * 100}%`,
            width: `${(place.to - place.from) * 100}%`,
            background: looks.color(theme, node.checkpoint),
          }}
        />
      </div>
      <dl className={styles.times}>
        <Time name={t('details.began')} text={time(beginOf(node))} afterMs={beginOf(node) - flow.startedTs} />
        {node.endedTs !== null && node.status !== 'lost' && (
          <Time name={t('details.ended')} text={time(endOf(node, 0))} afterMs={endOf(node, 0) - flow.startedTs} />
        )}
      </dl>
      {history !== null && <HistoryLine history={history} durationMs={durationMs} color={node.checkpoint} />}
    </div>
  );
}

function Figure({ name, children }: { name: string; children: React.ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.figure}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{children}</dd>
    </div>
  );
}

function Time({ name, text, afterMs }: { name: string; text: string; afterMs: number }) {
  const styles = useStyles2(getStyles);
  const { duration } = useLooks();
  const after = t(afterMs < 0 ? 'details.before-flow' : 'details.into-flow', { duration: duration(Math.abs(afterMs)) });
  return (
    <div className={styles.time}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.clock}>{text}</dd>
      <dd className={styles.after}>{after}</dd>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  figures: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 3), margin: 0 }),
  figure: css({ display: 'flex', flexDirection: 'column-reverse' }),
  name: css({ fontSize: 11, color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
  value: css({
    margin: 0,
    fontSize: theme.typography.h5.fontSize,
    lineHeight: 1.25,
    fontWeight: theme.typography.fontWeightMedium,
    fontVariantNumeric: 'tabular-nums',
  }),
  bar: css({
    position: 'relative',
    height: 6,
    margin: theme.spacing(0.75, 0),
    borderRadius: 3,
    overflow: 'hidden',
    background: theme.colors.action.focus,
  }),
  place: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    minWidth: 3,
    borderRadius: 3,
    transform: 'translateX(-0.5px)',
  }),
  times: css({ margin: 0 }),
  time: css({
    display: 'flex',
    alignItems: 'baseline',
    gap: theme.spacing(1),
    '& dt': { width: 44 },
    '& dd': { margin: 0 },
  }),
  clock: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 11.5 }),
  after: css({ color: theme.colors.text.secondary }),
});
