import type { TreeLayout } from '../../layout/tree-layout';
import { CARD } from '../../layout/tree-sizes';

/** Which part of the drawing goes where, in device pixels of the target. */
export interface PixelView {
  /** Top left of the part, px at 100 %. */
  readonly x: number;
  readonly y: number;
  /** Device pixels for each px at 100 %. */
  readonly scaleX: number;
  readonly scaleY: number;
  readonly width: number;
  readonly height: number;
}

/** How cards are painted. */
export interface PixelStyle {
  readonly colorOf: (index: number) => number;
  /** Those that are painted first, so that no other is painted over by them; null for none. */
  readonly isFaded: ((index: number) => boolean) | null;
}

/** Paints cards as plain blocks, each at least a pixel. A failure is never painted over. */
export type PaintPixels = (
  context: CanvasRenderingContext2D,
  layout: TreeLayout,
  view: PixelView,
  ground: number,
  error: number,
  style: PixelStyle,
) => void;

/** The buffer is kept from one time to the next. A card costs no more than the pixels that it covers. */
export function createPaintPixels(): PaintPixels {
  let image: ImageData | null = null;
  let pixels = new Uint32Array();
  return (context, layout, view, ground, error, { colorOf, isFaded }) => {
    const width = Math.max(1, Math.ceil(view.width));
    const height = Math.max(1, Math.ceil(view.height));
    if (image?.width !== width || image.height !== height) {
      image = context.createImageData(width, height);
      pixels = new Uint32Array(image.data.buffer);
    }
    pixels.fill(ground);
    const { x, y, scaleX, scaleY } = view;
    const { x: lefts, y: tops } = layout;
    const paint = (index: number): void => {
      const color = colorOf(index);
      const left = Math.max(0, Math.floor(((lefts[index] ?? 0) - x) * scaleX));
      const top = Math.max(0, Math.floor(((tops[index] ?? 0) - y) * scaleY));
      const right = Math.min(width, Math.max(left + 1, Math.round(((lefts[index] ?? 0) + CARD.width - x) * scaleX)));
      const bottom = Math.min(height, Math.max(top + 1, Math.round(((tops[index] ?? 0) + CARD.height - y) * scaleY)));
      for (let row = top; row < bottom; row++) {
        for (let at = row * width + left; at < row * width + right; at++) {
          if (pixels[at] !== error) pixels[at] = color;
        }
      }
    };
    const visit = (each: (index: number) => void): void =>
      layout.visit(x, y, x + width / scaleX, y + height / scaleY, each);
    if (isFaded === null) visit(paint);
    else {
      visit((index) => {
        if (isFaded(index)) paint(index);
      });
      visit((index) => {
        if (!isFaded(index)) paint(index);
      });
    }
    context.putImageData(image, 0, 0);
  };
}
