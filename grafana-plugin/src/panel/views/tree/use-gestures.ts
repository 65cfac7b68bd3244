import { useEffect, useRef, type MouseEvent, type PointerEvent, type RefObject } from 'react';
import { pan, zoomAt, type Camera } from './camera';
import type { TreeLayout } from '../../layout/tree-layout';
import type { TreeWindow } from './tree-window';

/** A press that moves less than this is a click, px. */
const DRAG_FROM_PX = 4;
const LINE_PX = 16;
const ZOOM_PER_PX = 0.002;
/** The most that one notch of a wheel zooms by. */
const MAX_WHEEL_PX = 120;

interface Options {
  readonly element: RefObject<HTMLElement>;
  readonly layout: TreeLayout;
  readonly window: TreeWindow;
  /** The camera goes there. @returns whether it could move */
  readonly onMove: (camera: Camera) => boolean;
  /** The pointer is at this point of the drawing, px at 100 %; null when it has left. */
  readonly onHover: (x: number, y: number) => void;
  readonly onLeave: () => void;
}

/** The wheel scrolls (with Shift sideways) and zooms (with Ctrl or ⌘); a drag pans. */
export function useGestures({ element, layout, window, onMove, onHover, onLeave }: Options) {
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  wheel.current = (event) => {
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? window.size.height : 1;
    const at = element.current?.getBoundingClientRect();
    if (at === undefined) return;
    const { camera, size } = window;
    if (event.ctrlKey || event.metaKey) {
      const delta = Math.max(-MAX_WHEEL_PX, Math.min(MAX_WHEEL_PX, event.deltaY * unit));
      const factor = Math.exp(-delta * ZOOM_PER_PX);
      onMove(zoomAt(camera, factor, event.clientX - at.left, event.clientY - at.top, layout, size));
      event.preventDefault();
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0;
    const [dx, dy] = sideways ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    // Where there is nothing more to see, the page scrolls.
    if (onMove(pan(camera, dx * unit, dy * unit))) event.preventDefault();
  };
  useEffect(() => {
    const target = element.current;
    const listener = (event: WheelEvent): void => wheel.current(event);
    target?.addEventListener('wheel', listener, { passive: false });
    return () => target?.removeEventListener('wheel', listener);
  }, [element]);

  return {
    onPointerDown(event: PointerEvent<HTMLElement>): void {
      if (event.button === 0) drag.current = { x: event.clientX, y: event.clientY, moved: false };
    },
    onPointerMove(event: PointerEvent<HTMLElement>): void {
      const from = drag.current;
      if (from === null || event.buttons !== 1) {
        drag.current = null;
        const at = event.currentTarget.getBoundingClientRect();
        const { camera } = window;
        onHover(
          camera.x + (event.clientX - at.left) / camera.scale,
          camera.y + (event.clientY - at.top) / camera.scale,
        );
        return;
      }
      const [dx, dy] = [from.x - event.clientX, from.y - event.clientY];
      if (!from.moved && Math.hypot(dx, dy) < DRAG_FROM_PX) return;
      if (!from.moved) event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, y: event.clientY, moved: true };
      onMove(pan(window.camera, dx, dy));
    },
    onPointerLeave: onLeave,
    /** A drag ends in a click that nobody meant. */
    onClickCapture(event: MouseEvent<HTMLElement>): void {
      if (drag.current?.moved === true) event.stopPropagation();
      drag.current = null;
    },
  };
}
