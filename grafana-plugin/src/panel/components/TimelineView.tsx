import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo, useRef } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { buildTree } from '@flow-tracking/protocol/model';
import { formatDuration } from '../format';
import { useNow } from '../ticker';
import { axisTicks, spanOf, timelineRange } from '../time-scale';
import { useReducedMotion } from '../use-reduced-motion';
import { useViewport } from '../use-viewport';
import { useClockOffset } from './clock-context';
import { TimelineRow } from './TimelineRow';

interface Props {
  flow: PanelFlow;
  selectedId: string | null;
  onSelect: (id: string) => void;
}

const ROW_HEIGHT = 26;
const ROW_MARGIN = 10;
const TICK_EVERY_PX = 110;

/** One row a node, indented below its parent, with a bar from its begin to its end. */
export function TimelineView({ flow, selectedId, onSelect }: Props) {
  const styles = useStyles2(getStyles);
  const scroller = useRef<HTMLDivElement>(null);
  const viewport = useViewport(scroller);
  const calm = useReducedMotion();
  const rows = useMemo(() => [...buildTree(flow.nodes.list).nodes.values()], [flow]);
  const ticking = flow.nodes.list.some((node) => node.status === 'running');
  const moving = ticking || flow.status === 'running';
  const nowTs = useNow(moving ? (calm ? 'calm' : 'fast') : 'idle') - useClockOffset();

  const range = timelineRange(flow, nowTs);
  const lengthMs = range.toMs - range.fromMs;
  const percent = (ms: number): number => ((ms - range.fromMs) / lengthMs) * 100;
  const ticks = axisTicks(range.toMs, Math.floor(viewport.width / TICK_EVERY_PX) - 1);
  const first = Math.max(0, Math.floor(viewport.top / ROW_HEIGHT) - ROW_MARGIN);
  const last = Math.ceil((viewport.top + viewport.height) / ROW_HEIGHT) + ROW_MARGIN;

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="tree"
      aria-label="Timeline of checkpoints"
      data-testid="flow-tree"
    >
      <div className={styles.axis} aria-hidden="true">
        <span className={styles.axisNames} />
        <span className={styles.axisTrack}>
          {ticks.map((tick) => (
            <span key={tick} className={styles.tick} style={{ left: `${percent(tick)}%` }}>
              {tick === 0 ? '0' : formatDuration(tick)}
            </span>
          ))}
        </span>
      </div>
      <div className={styles.rows} style={{ height: rows.length * ROW_HEIGHT }} role="presentation">
        {rows.slice(first, last).map((row, i) => {
          const span = spanOf(row.item, flow, nowTs);
          return (
            <TimelineRow
              key={row.item.id}
              node={row.item}
              depth={row.depth}
              top={(first + i) * ROW_HEIGHT}
              height={ROW_HEIGHT}
              fromPercent={percent(span.fromMs)}
              toPercent={percent(span.toMs)}
              durationText={row.item.status === 'lost' ? '–' : formatDuration(span.toMs - span.fromMs)}
              selected={row.item.id === selectedId}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroller: css({ flex: 1, minHeight: 0, minWidth: 0, overflowY: 'auto', overflowX: 'hidden' }),
  axis: css({
    position: 'sticky',
    top: 0,
    zIndex: 1,
    display: 'flex',
    height: 22,
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  axisNames: css({ width: '30%', maxWidth: 230, flex: 'none' }),
  axisTrack: css({ position: 'relative', flex: 1, marginRight: 64 }),
  tick: css({
    position: 'absolute',
    top: 3,
    paddingLeft: 4,
    fontSize: 11,
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    borderLeft: `1px solid ${theme.colors.border.medium}`,
  }),
  rows: css({ position: 'relative' }),
});
