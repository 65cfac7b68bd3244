import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useEffect, useMemo, useRef } from 'react';
import type { PanelFlow } from '../../../frames/panel-flow';
import { useClockOffset } from '../../components/clock-context';
import { useLooks } from '../../components/looks-context';
import type { Forest } from '../../layout/forest';
import type { Matches } from '../../layout/matches';
import { useNow } from '../../ticker';
import { useReducedMotion } from '../../use-reduced-motion';
import { drawOverview } from './draw-overview';
import { createTimeScale } from './time-scale';
import type { TimeWindow } from './time-window';
import { useBrush } from './use-brush';

interface Props {
  flow: PanelFlow;
  forest: Forest;
  matches: Matches;
  full: TimeWindow;
  window: TimeWindow;
  isRunning: boolean;
  trackPx: number;
  heightPx: number;
  onBrush: (window: TimeWindow) => void;
}

/** All of the flow is drawn again at most this often. */
const REDRAW_MS = 250;
/** A larger flow is drawn again once a second, and when something of it changes. */
const SMALL_NODES = 2_000;

/** The whole flow as a flame, with the window that the rows show; a drag chooses another one. */
export function Overview({ flow, forest, matches, full, window, isRunning, trackPx, heightPx, onBrush }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const looks = useLooks();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawnAt = useRef(-Infinity);
  const calm = useReducedMotion() || forest.size > SMALL_NODES;
  const nowTs = useNow(!isRunning ? 'idle' : calm ? 'calm' : 'fast') - useClockOffset();
  const scale = useMemo(() => createTimeScale(full, trackPx), [full, trackPx]);
  const { brush, handlers } = useBrush(scale, full, onBrush);

  useEffect(() => {
    const draw = (): void => {
      const context = canvas.current?.getContext('2d');
      if (context === null || context === undefined) return;
      drawnAt.current = performance.now();
      const ratio = devicePixelRatio;
      const [width, height] = [Math.round(trackPx * ratio), Math.round(heightPx * ratio)];
      if (context.canvas.width !== width) context.canvas.width = width;
      if (context.canvas.height !== height) context.canvas.height = height;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const ofCheckpoint = (checkpoint: string): string => looks.color(theme, checkpoint);
      const colors = { ofCheckpoint, failed: theme.colors.error.main };
      drawOverview(context, flow, forest, scale, heightPx, nowTs, colors, matches);
    };
    const waitMs = drawnAt.current + REDRAW_MS - performance.now();
    if (!isRunning || waitMs <= 0) {
      draw();
      return;
    }
    const timer = setTimeout(draw, waitMs);
    return () => clearTimeout(timer);
  }, [flow, forest, matches, matches.version, scale, heightPx, trackPx, nowTs, isRunning, theme, looks]);

  const fromPx = Math.max(0, scale.toPx(window.fromMs));
  const toPx = Math.min(trackPx, scale.toPx(window.toMs));
  const isZoomed = window !== full;
  return (
    <div
      className={styles.overview}
      style={{ width: trackPx, height: heightPx }}
      data-testid="time-overview"
      {...handlers}
    >
      <canvas ref={canvas} style={{ width: trackPx, height: heightPx }} />
      {isZoomed && (
        <>
          <span className={styles.outside} style={{ left: 0, width: fromPx }} />
          <span className={styles.outside} style={{ left: toPx, right: 0 }} />
          <span className={styles.window} style={{ left: fromPx, width: Math.max(2, toPx - fromPx) }} />
        </>
      )}
      {brush !== null && (
        <span
          className={styles.window}
          style={{ left: Math.min(brush.fromPx, brush.toPx), width: Math.abs(brush.toPx - brush.fromPx) }}
        />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  overview: css({ position: 'relative', flex: 'none', overflow: 'hidden', cursor: 'col-resize', touchAction: 'none' }),
  outside: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    background: theme.colors.background.primary,
    opacity: 0.7,
    pointerEvents: 'none',
  }),
  window: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    border: `1px solid ${theme.colors.primary.border}`,
    background: theme.colors.action.hover,
    pointerEvents: 'none',
  }),
});
