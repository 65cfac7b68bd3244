import { t } from '../../texts/t';
import type { Palette } from '../views/tree/palette';
import { drawCaption, layOutCaption } from './caption';
import { fitCanvas, type Picture } from './picture';
import { createSvgPen } from './svg-pen';

/** A picture as a file, and what a person must know about it. */
export interface Written {
  readonly blob: Blob;
  readonly notes: readonly string[];
}

/** Makes the caption's lines of what is left out. */
type LinesOf = (notes: readonly string[]) => readonly string[];

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error(t('export.no-canvas'));
  return context;
}

const scaledText = (percent: string): string => t('export.scaled', { percent });

export function writeSvg(picture: Picture, linesOf: LinesOf, palette: Palette): Written {
  const context = contextOf(document.createElement('canvas'));
  const pen = createSvgPen((text, font) => {
    context.font = font;
    return context.measureText(text);
  });
  const scale = picture.vectorScale;
  const notes = scale === 1 ? picture.notes : [...picture.notes, t('export.bars')];
  const caption = layOutCaption(context, linesOf(notes), palette);
  const width = Math.max(picture.width * scale, caption.width);
  const height = picture.height * scale + caption.height;
  pen.fillStyle = palette.ground;
  pen.fillRect(0, 0, width, height);
  picture.draw(pen, scale, 1);
  drawCaption(pen, caption, palette, picture.height * scale, 1);
  const svg = pen.toSvg(width, height, caption.lines[0] ?? '');
  return { blob: new Blob([svg], { type: 'image/svg+xml' }), notes };
}

/** @throws {Error} when the browser can't make a canvas so large */
export async function writePng(picture: Picture, linesOf: LinesOf, palette: Palette): Promise<Written> {
  const canvas = document.createElement('canvas');
  const context = contextOf(canvas);
  const full = fitCanvas(picture, layOutCaption(context, linesOf(picture.notes), palette));
  const isSmaller = full.scale < 1;
  // With one line more it may have to be a little smaller still.
  const roomFor = (text: string) => layOutCaption(context, linesOf([...picture.notes, text]), palette);
  const fit = isSmaller ? fitCanvas(picture, roomFor(scaledText('0.00'))) : full;
  const notes = isSmaller ? [...picture.notes, scaledText((fit.scale * 100).toPrecision(2))] : picture.notes;
  const caption = layOutCaption(context, linesOf(notes), palette);
  canvas.width = fit.width;
  canvas.height = fit.height;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, fit.width, fit.height);
  picture.paint(context, fit.scale, fit.ratio);
  drawCaption(context, caption, palette, picture.height * fit.scale, fit.ratio);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  // Gives its memory back at once.
  canvas.width = canvas.height = 0;
  if (blob === null) throw new Error(t('export.too-large'));
  return { blob, notes };
}
