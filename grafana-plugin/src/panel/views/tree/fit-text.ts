import type { Pen } from '../../pen';

/** Beyond this many texts the cache starts anew: running durations bring ever new ones. */
const MAX_ENTRIES = 20_000;

export interface FittedText {
  readonly text: string;
  /** Px at 100 %. */
  readonly width: number;
}

export type FitText = (context: Pen, text: string, font: string, maxWidth: number) => FittedText;

/** Cuts texts to a width, with an ellipsis; what it has measured once it remembers. */
export function createFitText(): FitText {
  const known = new Map<string, FittedText>();
  return (context, text, font, maxWidth) => {
    const key = `${font}|${maxWidth.toFixed(0)}|${text}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    context.font = font;
    const widthOf = (part: string): number => context.measureText(part).width;
    let fitted = text;
    if (widthOf(text) > maxWidth) {
      let [low, high] = [0, Math.min(text.length, 200)];
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (widthOf(`${text.slice(0, middle)}…`) <= maxWidth) low = middle;
        else high = middle - 1;
      }
      fitted = low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`;
    }
    const result = { text: fitted, width: widthOf(fitted) };
    if (known.size > MAX_ENTRIES) known.clear();
    known.set(key, result);
    return result;
  };
}
