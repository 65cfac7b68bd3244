import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { PanelFlow } from '../../../frames/panel-flow';
import { NONE } from '../../layout/forest';
import type { TreeLayout } from '../../layout/tree-layout';
import type { Size } from './camera';
import { keepClear, placeFrame } from './Minimap';
import { mirroredNodes } from './mirrored';
import type { TreeWindow } from './tree-window';

/** The mirror takes in what has come into sight this often while the canvas moves. */
const MIRROR_MS = 120;

interface Options {
  readonly layout: TreeLayout;
  readonly window: TreeWindow;
  /** The node of the one tab stop. */
  readonly entry: number;
  readonly flow: PanelFlow;
  readonly collapsed: ReadonlySet<string>;
  readonly size: Size;
  readonly mirror: RefObject<HTMLElement>;
  /** Of the minimap. */
  readonly frame: RefObject<HTMLElement>;
  /** The node that the minimap must not cover. */
  readonly watched: RefObject<number>;
}

interface Mirror {
  readonly mirrored: readonly number[];
  /** Where the mirror's origin is in the drawing, px at 100 %. */
  readonly origin: { readonly x: number; readonly y: number };
  readonly allInSight: boolean;
  /** To be called with each frame of the canvas: what lies over it moves along. */
  readonly onFrame: () => void;
}

/** Which nodes stand in the DOM. With each frame the whole mirror moves; only now and then is it rendered anew. */
export function useMirror({ layout, window, entry, flow, collapsed, size, mirror, frame, watched }: Options): Mirror {
  const [mirrored, setMirrored] = useState<readonly number[]>([]);
  const [allInSight, setAllInSight] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const first = mirrored[0] ?? NONE;
  const origin = { x: layout.x[first] ?? 0, y: layout.y[first] ?? 0 };

  const refresh = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const { camera } = window;
    const next = mirroredNodes(layout, entry, camera, size);
    setMirrored((known) => (known.length === next.length && known.every((at, i) => at === next[i]) ? known : next));
    const right = camera.x + size.width / camera.scale;
    const bottom = camera.y + size.height / camera.scale;
    setAllInSight(camera.x <= 0 && camera.y <= 0 && right >= layout.width && bottom >= layout.height);
  };
  const latest = useRef(refresh);
  latest.current = refresh;
  useLayoutEffect(() => latest.current(), [flow, layout, layout.folds.turns, collapsed, size, entry]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const onFrame = (): void => {
    const { camera } = window;
    if (mirror.current !== null) {
      const [x, y] = [(origin.x - camera.x) * camera.scale, (origin.y - camera.y) * camera.scale];
      mirror.current.style.transform = `translate(${x}px, ${y}px) scale(${camera.scale})`;
    }
    if (frame.current !== null) {
      placeFrame(frame.current, layout, window);
      keepClear(frame.current, layout, window, watched.current ?? NONE);
    }
    timer.current ??= setTimeout(() => latest.current(), MIRROR_MS);
  };
  return { mirrored, origin, allInSight, onFrame };
}
