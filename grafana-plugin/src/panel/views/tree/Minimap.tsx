import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useEffect, useMemo, useRef, type PointerEvent } from 'react';
import { NONE } from '../../layout/forest';
import type { TreeLayout } from '../../layout/tree-layout';
import { CARD } from '../../layout/tree-sizes';
import { fadedOf, pixelColor } from './draw';
import { placeOfMap } from './map-place';
import { createPaintPixels } from './paint-pixels';
import type { Palette } from './palette';
import type { Failures } from '../../layout/failures';
import type { Matches } from '../../layout/matches';
import type { TreeWindow } from './tree-window';

interface Props {
  layout: TreeLayout;
  window: TreeWindow;
  palette: Palette;
  failures: Failures;
  matches: Matches;
  /** Another object whenever the drawing has changed. */
  version: unknown;
  /** The view's frame in the map, moved with each frame drawn. */
  frame: React.RefObject<HTMLDivElement>;
  /** The person moves the middle of the view there, px at 100 %. */
  onMove: (x: number, y: number) => void;
}

const MAX_WIDTH = 168;
const MAX_HEIGHT = 104;
/** A map is never drawn larger than this part of the drawing. */
const MAX_SCALE = 0.2;
const REDRAW_MS = 300;

/** Both axes have a scale of their own, so that a flow of 10,000 rows is not a hairline. */
function scaleOf(layout: TreeLayout): { x: number; y: number } {
  return { x: Math.min(MAX_SCALE, MAX_WIDTH / layout.width), y: Math.min(MAX_SCALE, MAX_HEIGHT / layout.height) };
}

/** Moves the view's frame to where the view is. */
export function placeFrame(frame: HTMLElement, layout: TreeLayout, { camera, size }: TreeWindow): void {
  const scale = scaleOf(layout);
  const width = Math.min(layout.width, size.width / camera.scale);
  const height = Math.min(layout.height, size.height / camera.scale);
  frame.style.transform = `translate(${camera.x * scale.x}px, ${camera.y * scale.y}px)`;
  frame.style.width = `${Math.max(4, width * scale.x)}px`;
  frame.style.height = `${Math.max(4, height * scale.y)}px`;
}

/** From the map to the sides of the view, px. */
const MARGIN = 10;

/**
 * Moves the map to the other end of its side when it covers the card that is followed or selected.
 *
 * @param frame the view's frame in the map
 */
export function keepClear(frame: HTMLElement, layout: TreeLayout, { camera, size }: TreeWindow, watched: number): void {
  const map = frame.parentElement;
  if (map === null || watched === NONE || !layout.isPlaced(watched)) return;
  const scale = scaleOf(layout);
  const room = { width: layout.width * scale.x + 2 * MARGIN, height: layout.height * scale.y + 2 * MARGIN };
  const card = {
    x: ((layout.x[watched] ?? 0) - camera.x) * camera.scale,
    y: ((layout.y[watched] ?? 0) - camera.y) * camera.scale,
    width: CARD.width * camera.scale,
    height: CARD.height * camera.scale,
  };
  map.dataset['place'] = placeOfMap(map.dataset['place'] === 'top' ? 'top' : 'bottom', card, room, size);
}

/** All of the drawing in small, bars in the colours of the cards; a press or a drag moves the view. */
export function Minimap({ layout, window, palette, failures, matches, version, frame, onMove }: Props) {
  const styles = useStyles2(getStyles);
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = useMemo(() => createPaintPixels(), []);
  const drawn = useRef(-Infinity);

  useEffect(() => {
    const redraw = (): void => {
      const context = canvas.current?.getContext('2d');
      if (context === null || context === undefined || canvas.current === null) return;
      drawn.current = performance.now();
      const scale = scaleOf(layout);
      const ratio = devicePixelRatio;
      const [width, height] = [Math.ceil(layout.width * scale.x), Math.ceil(layout.height * scale.y)];
      canvas.current.width = Math.ceil(width * ratio);
      canvas.current.height = Math.ceil(height * ratio);
      canvas.current.style.width = `${width}px`;
      canvas.current.style.height = `${height}px`;
      const part = { width: width * ratio, height: height * ratio, scaleX: scale.x * ratio, scaleY: scale.y * ratio };
      paint(context, layout, { x: 0, y: 0, ...part }, 0, palette.pixel(palette.error), {
        colorOf: pixelColor({ layout, palette, failures, matches }),
        isFaded: fadedOf({ layout, matches }),
      });
      if (frame.current !== null) placeFrame(frame.current, layout, window);
    };
    const timer = setTimeout(redraw, Math.max(0, drawn.current + REDRAW_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [layout, window, palette, failures, matches, matches.version, version, paint, frame]);

  const move = (event: PointerEvent<HTMLDivElement>): void => {
    event.stopPropagation();
    if (event.buttons !== 1 || canvas.current === null) return;
    const at = canvas.current.getBoundingClientRect();
    const scale = scaleOf(layout);
    onMove((event.clientX - at.left) / scale.x, (event.clientY - at.top) / scale.y);
  };
  return (
    <div
      className={styles.map}
      aria-hidden="true"
      data-testid="flow-minimap"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={move}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <canvas ref={canvas} className={styles.canvas} />
      <div ref={frame} className={styles.frame} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  map: css({
    position: 'absolute',
    right: MARGIN,
    bottom: MARGIN,
    "&[data-place='top']": { top: MARGIN, bottom: 'auto' },
    padding: 4,
    cursor: 'pointer',
    touchAction: 'none',
    background: theme.colors.background.canvas,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    overflow: 'clip',
  }),
  canvas: css({ display: 'block', minWidth: 24, minHeight: 12 }),
  frame: css({
    position: 'absolute',
    left: 4,
    top: 4,
    pointerEvents: 'none',
    border: `1px solid ${theme.colors.primary.border}`,
    background: theme.colors.action.selected,
    borderRadius: 1,
  }),
});
