import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useEffect, useMemo, useReducer, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../texts/t';
import { useLooks } from '../components/looks-context';
import { createFailures } from '../layout/failures';
import { useGrown } from '../use-grown';
import { useReducedMotion } from '../use-reduced-motion';
import { useSize } from '../views/tree/use-size';
import { densityOf } from './density';
import { drawDensity } from './draw-density';
import { scrubbedTo } from './scrub-keys';
import { useFrames } from './use-frames';
import type { Replay } from './use-replay';

/** Where the replay stands in the flow's time, over a picture of what ran when; dragged, or moved by keys. */
export function Scrubber({ replay, heightPx }: { replay: Replay; heightPx: number }) {
  const styles = useStyles2(getStyles);
  const { duration } = useLooks();
  const root = useRef<HTMLDivElement>(null);
  const { width } = useSize(root);
  const [, render] = useReducer((count: number) => count + 1, 0);
  useFrames(replay.isPlaying, useReducedMotion(), render);
  const { fromMs, toMs, seek } = replay;
  const atMs = replay.now();
  const share = (atMs - fromMs) / (toMs - fromMs);

  const seekTo = (event: PointerEvent<HTMLElement>): void => {
    const { left, width: widthPx } = event.currentTarget.getBoundingClientRect();
    if (widthPx > 0) seek(fromMs + ((event.clientX - left) / widthPx) * (toMs - fromMs));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = scrubbedTo(event.key, atMs, { fromMs, toMs });
    if (event.key === ' ') replay.playOrPause();
    else if (to !== null) seek(to);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={root}
      className={styles.track}
      style={{ height: heightPx }}
      role="slider"
      tabIndex={0}
      aria-label={t('replay.time')}
      aria-valuemin={Math.round(fromMs)}
      aria-valuemax={Math.round(toMs)}
      aria-valuenow={Math.round(atMs)}
      aria-valuetext={t('replay.position', { at: duration(atMs), all: duration(toMs) })}
      data-testid="replay-scrubber"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
    >
      <DensityPicture replay={replay} widthPx={Math.round(width)} heightPx={heightPx} />
      <span className={styles.ahead} style={{ left: `${share * 100}%` }} />
      <span className={styles.hand} style={{ left: `${share * 100}%` }} />
    </div>
  );
}

interface PictureProps {
  replay: Pick<Replay, 'whole' | 'fromMs' | 'toMs'>;
  widthPx: number;
  heightPx: number;
}

function DensityPicture({ replay: { whole, fromMs, toMs }, widthPx, heightPx }: PictureProps) {
  const theme = useTheme2();
  const looks = useLooks();
  const canvas = useRef<HTMLCanvasElement>(null);
  const failures = useGrown(whole.nodes, createFailures);
  const density = useMemo(
    () =>
      densityOf({
        flow: whole,
        fromMs,
        toMs,
        parts: Math.max(1, widthPx),
        colorOf: (checkpoint) => looks.color(theme, checkpoint),
        beganAt: (index) => failures?.beganAt(index) === true,
      }),
    [whole, fromMs, toMs, widthPx, failures, looks, theme],
  );
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined || widthPx === 0) return;
    const ratio = devicePixelRatio;
    context.canvas.width = Math.round(widthPx * ratio);
    context.canvas.height = Math.round(heightPx * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawDensity(context, density, heightPx, theme.colors.error.main);
  }, [density, widthPx, heightPx, theme]);
  return <canvas ref={canvas} style={{ display: 'block', width: widthPx, height: heightPx }} aria-hidden="true" />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  track: css({
    position: 'relative',
    flex: 1,
    minWidth: 40,
    overflow: 'clip',
    cursor: 'col-resize',
    touchAction: 'none',
    userSelect: 'none',
    background: theme.colors.background.canvas,
    borderRadius: theme.shape.radius.default,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
  // What is to come is pale.
  ahead: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    right: 0,
    background: theme.colors.background.canvas,
    opacity: 0.6,
    pointerEvents: 'none',
  }),
  hand: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    width: 2,
    marginLeft: -1,
    background: theme.colors.primary.text,
    pointerEvents: 'none',
  }),
});
