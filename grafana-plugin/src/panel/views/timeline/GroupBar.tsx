import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useEffect, useMemo, useRef } from 'react';
import type { FlowNodes } from '../../../frames/flow-nodes';
import { t } from '../../../texts/t';
import { useClockOffset } from '../../components/clock-context';
import { useLooks } from '../../components/looks-context';
import { failedText, groupDurations } from '../../group-text';
import type { FoldGroup, GroupSummary } from '../../layout/fold-group';
import { useNow } from '../../ticker';
import { placeLabel } from './bar-label';
import { densityOf, type Density } from './density';
import type { TimeScale } from './time-scale';

interface Props {
  folded: FoldGroup;
  /** Another object whenever a node of the group has changed. */
  group: GroupSummary;
  nodes: FlowNodes;
  /** Epoch ms. */
  flowStartedTs: number;
  scale: TimeScale;
  color: string;
  /** Indices of the nodes on the critical path. */
  critical: ReadonlySet<number>;
}

const BAR_PX = 12;
/** The part of the bar's height that says which failed. */
const FAILED_PX = 3;
/** The line that says which of them are on the critical path, below the bar. */
const CRITICAL = { top: 14, height: 2 };
const STRIP_PX = CRITICAL.top + CRITICAL.height;
/** How faint a single one of many is. */
const LEAST_ALPHA = 0.45;

function drawStrip(context: CanvasRenderingContext2D, density: Density, color: string, theme: GrafanaTheme2): void {
  const { all, failed, critical, most } = density;
  for (let px = 0; px < all.length; px++) {
    const count = all[px] ?? 0;
    if (count === 0) continue;
    context.globalAlpha = most === 1 ? 1 : LEAST_ALPHA + ((1 - LEAST_ALPHA) * (count - 1)) / Math.max(1, most - 1);
    context.fillStyle = color;
    context.fillRect(px, 0, 1, BAR_PX);
    context.globalAlpha = 1;
    if ((failed[px] ?? 0) > 0) {
      context.fillStyle = theme.colors.error.main;
      context.fillRect(px, BAR_PX - FAILED_PX, 1, FAILED_PX);
    }
    if ((critical[px] ?? 0) > 0) {
      context.fillStyle = theme.colors.text.primary;
      context.fillRect(px, CRITICAL.top, 1, CRITICAL.height);
    }
  }
  context.globalAlpha = 1;
}

/** The bars of a group's nodes as one strip, denser where more of them ran at once; below it in red, where they failed. */
export function GroupBar({ folded, group, nodes, flowStartedTs, scale, color, critical }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const canvas = useRef<HTMLCanvasElement>(null);
  const nowTs = useNow(group.running > 0 ? 'calm' : 'idle') - useClockOffset();
  // Of a group that grows, the strip follows once a second: it costs as much as the group is large.
  const version = group.running > 0 ? nowTs : group;
  const density = useMemo(() => {
    return densityOf(nodes, folded.members, flowStartedTs, scale, nowTs, critical);
  }, [folded, version, nodes, flowStartedTs, scale, critical]);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined) return;
    const ratio = devicePixelRatio;
    element.width = Math.max(1, Math.round(density.all.length * ratio));
    element.height = Math.round(STRIP_PX * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawStrip(context, density, color, theme);
  }, [density, color, theme]);

  const failed = failedText(group);
  const durations = groupDurations(group, useLooks());
  const label = placeLabel(density.fromPx, density.toPx, scale.cellPx, durations, failed);
  const isInside = label.side === 'inside';
  const isLeft = label.side === 'right' || label.side === 'before';
  return (
    <>
      <canvas ref={canvas} className={styles.strip} style={{ width: density.all.length, height: STRIP_PX }} />
      <span
        className={styles.label}
        style={{ [isLeft ? 'left' : 'right']: label.offsetPx, maxWidth: label.maxPx }}
        data-inside={isInside}
        title={t('group.durations')}
      >
        {label.side === 'before' && '‹ '}
        <span className={styles.durations}>{durations}</span>
        {failed !== '' && <span className={styles.failed}>{failed}</span>}
        {label.side === 'after' && ' ›'}
      </span>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  strip: css({ position: 'absolute', left: 0, top: 6, borderRadius: 2 }),
  label: css({
    position: 'absolute',
    top: 4,
    display: 'flex',
    alignItems: 'center',
    gap: 6,
    height: 16,
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    fontSize: 11,
    color: theme.colors.text.secondary,
    pointerEvents: 'none',
    // On the strip itself no one colour can be read everywhere.
    "&[data-inside='true']": {
      padding: '0 4px',
      borderRadius: 2,
      background: theme.colors.background.primary,
      color: theme.colors.text.primary,
    },
  }),
  durations: css({ flex: 'none', fontFamily: theme.typography.fontFamilyMonospace }),
  failed: css({ flex: 'none', color: theme.colors.error.text }),
});
