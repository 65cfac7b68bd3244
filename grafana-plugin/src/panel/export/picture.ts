import type { Pen } from '../pen';

/** A drawing of all of a flow. */
export interface Picture {
  /** Px at 100 %. */
  readonly width: number;
  readonly height: number;
  /** The scale that it is written as SVG at: smaller where it would have too many details. */
  readonly vectorScale: number;
  /** What is not in it, in words. */
  readonly notes: readonly string[];
  /** @param ratio device pixels for each px, on top of the scale */
  draw(pen: Pen, scale: number, ratio: number): void;
  /** The same on a canvas, which can take more. */
  paint(context: CanvasRenderingContext2D, scale: number, ratio: number): void;
}

/** What stands below a picture. */
export interface Caption {
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** Chromium and Firefox draw no larger canvas, px a side; */
const MAX_SIDE = 16_384;
/** and this many pixels take 200 MB while they are encoded. */
const MAX_PIXELS = 50_000_000;
const BEST_RATIO = 2;

/** How a picture fits a canvas. */
export interface Fit {
  /** Of the drawing; 1 unless it is too large for that. */
  readonly scale: number;
  /** Device pixels for each px, the caption's too. */
  readonly ratio: number;
  /** Of the canvas, in device pixels. */
  readonly width: number;
  readonly height: number;
}

/** Twice as sharp as it is large; what is too large for that is less sharp, and then smaller. */
export function fitCanvas(picture: { readonly width: number; readonly height: number }, caption: Caption): Fit {
  const fits = (scale: number, ratio: number): Fit => ({
    scale,
    ratio,
    width: Math.ceil(Math.max(picture.width * scale, caption.width) * ratio),
    height: Math.ceil((picture.height * scale + caption.height) * ratio),
  });
  const isRoom = ({ width, height }: Fit): boolean =>
    width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS;
  for (const ratio of [BEST_RATIO, 1]) {
    const full = fits(1, ratio);
    if (isRoom(full)) return full;
  }
  // The largest scale that there is room for, to a thousandth of itself.
  let [low, high] = [0, 1];
  while (high - low > low / 1_000 && high > 1e-9) {
    const middle = (low + high) / 2;
    if (isRoom(fits(middle, 1))) low = middle;
    else high = middle;
  }
  return fits(low, 1);
}
