import { useState, type PointerEvent } from 'react';
import type { TimeScale } from './time-scale';
import { brushed, type TimeWindow } from './time-window';

/** A shorter drag is a click. */
const LEAST_PX = 4;

/** A range that is being dragged, px from the left end of the track. */
export interface Brush {
  readonly fromPx: number;
  readonly toPx: number;
}

/** Handlers of a track on which a range of time is dragged. */
export function useBrush(scale: TimeScale, full: TimeWindow, onBrush: (window: TimeWindow) => void) {
  const [brush, setBrush] = useState<Brush | null>(null);
  const pxOf = (event: PointerEvent<HTMLElement>): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return Math.min(Math.max(event.clientX - left, 0), scale.trackPx);
  };
  return {
    brush,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setBrush({ fromPx: pxOf(event), toPx: pxOf(event) });
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (brush !== null) setBrush({ ...brush, toPx: pxOf(event) });
      },
      onPointerUp(event: PointerEvent<HTMLElement>) {
        if (brush === null) return;
        setBrush(null);
        const toPx = pxOf(event);
        if (Math.abs(toPx - brush.fromPx) < LEAST_PX) return;
        onBrush(brushed(scale.toMs(brush.fromPx), scale.toMs(toPx), full));
      },
      onPointerCancel: () => setBrush(null),
    },
  };
}
