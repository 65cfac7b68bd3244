import { useMemo, useRef, type RefObject } from 'react';
import { useFigures } from '../../components/figures-context';
import { draw, drawTurning } from './draw';
import { createFitText } from './fit-text';
import { createPaintPixels } from './paint-pixels';
import type { Palette } from './palette';
import type { Scene } from './scene';
import { useFrameLoop } from './use-frame-loop';
import type { Failures } from '../../layout/failures';
import type { Matches } from '../../layout/matches';
import type { TreeModel } from './use-tree-model';

/** Running durations are drawn anew this often, and calmly this often, */
const TEXT_MS = 250;
const CALM_TEXT_MS = 1_000;
/** and their rings turn this often in between. */
const TURN_MS = 66;
const TURN_ROUND_MS = 1_400;

interface Options {
  readonly canvas: RefObject<HTMLCanvasElement>;
  readonly model: TreeModel;
  readonly failures: Failures;
  readonly matches: Matches;
  readonly palette: Palette;
  readonly collapsed: ReadonlySet<string>;
  readonly selected: number;
  readonly hovered: number;
  /** Nothing turns. */
  readonly calm: boolean;
  /** How far the browser's clock is ahead of the servers', ms. */
  readonly offsetMs: number;
  /** The browser's time after which nothing is known, epoch ms; null while it is live. */
  readonly frozenTs: number | null;
  /** The time that is shown at a time of the browser. */
  readonly shownTs: (browserTs: number) => number;
  /** After each full drawing. */
  readonly onFrame: () => void;
}

/** Draws the tree when asked, and its running nodes as time goes on. @returns asks for a drawing of all */
export function useCanvas(options: Options): () => void {
  const {
    canvas,
    model,
    failures,
    matches,
    palette,
    collapsed,
    selected,
    hovered,
    offsetMs,
    frozenTs,
    shownTs,
    onFrame,
  } = options;
  const figures = useFigures();
  const calm = options.calm || frozenTs !== null;
  const fitText = useMemo(() => createFitText(), []);
  const paint = useMemo(() => createPaintPixels(), []);
  /** When all is due to be drawn again, and whose rings turn until then. */
  const due = useRef({ atMs: 0, turning: [] as readonly number[] });

  const ask = useFrameLoop((nowMs) => {
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    const { layout, window } = model;
    const { width, height } = window.size;
    if (!element || !context || width === 0 || height === 0) return Infinity;
    const ratio = devicePixelRatio;
    const glides = window.step(nowMs);
    const scene = (): Scene => ({
      layout,
      palette,
      fitText,
      failures,
      matches,
      figures,
      collapsed,
      selected,
      hovered,
      camera: window.camera,
      window: window.size,
      nowTs: (frozenTs ?? shownTs(Date.now())) - offsetMs,
      angle: calm ? -Math.PI / 2 : ((nowMs % TURN_ROUND_MS) / TURN_ROUND_MS) * 2 * Math.PI,
    });
    if (nowMs < due.current.atMs) {
      drawTurning(context, scene(), ratio, due.current.turning);
      return Math.min(TURN_MS, due.current.atMs - nowMs);
    }
    const [pixelsX, pixelsY] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== pixelsX || element.height !== pixelsY) {
      element.width = pixelsX;
      element.height = pixelsY;
      element.style.width = `${width}px`;
      element.style.height = `${height}px`;
    }
    const turning = draw(context, scene(), ratio, paint);
    onFrame();
    if (glides) return 0;
    if (turning.length === 0) return Infinity;
    due.current = { atMs: nowMs + (calm ? CALM_TEXT_MS : TEXT_MS), turning };
    return calm ? CALM_TEXT_MS : TURN_MS;
  });

  return useMemo(
    () => () => {
      due.current = { atMs: 0, turning: [] };
      ask();
    },
    [ask],
  );
}
