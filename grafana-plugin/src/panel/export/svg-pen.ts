import type { Pen } from '../pen';
import { createSvgPath, type SvgPath } from './svg-path';
import { escapeXml, svgNumber, svgPaint } from './svg-text';

/** A pen that writes what it draws down as SVG. */
export interface SvgPen extends Pen {
  /** A document that stands alone: it loads nothing, and runs nothing. */
  toSvg(width: number, height: number, title: string): string;
}

/** What `save` keeps and `restore` brings back. */
type Kept = Pick<Pen, 'fillStyle' | 'strokeStyle' | 'lineWidth' | 'lineCap' | 'lineJoin' | 'globalAlpha' | 'font'> & {
  dash: readonly number[];
  scale: number;
  x: number;
  y: number;
};

/** @param measure how wide a text is in a font, as the browser's canvas knows it */
export function createSvgPen(measure: (text: string, font: string) => TextMetrics): SvgPen {
  const parts: string[] = [];
  const fonts = new Map<string, string>();
  const kept: Kept[] = [];
  let path: SvgPath = createSvgPath();
  // Drawings only move and scale evenly, so places are worked out here and no element needs a transform.
  let [scale, shiftX, shiftY] = [1, 0, 0];
  let dash: readonly number[] = [];
  const px = (x: number): number => x * scale + shiftX;
  const py = (y: number): number => y * scale + shiftY;

  const fontClass = (font: string): string => {
    const css = font.replace(/(\d+(?:\.\d+)?)px/, (_, size: string) => `${svgNumber(Number(size) * scale)}px`);
    const known = fonts.get(css) ?? `f${fonts.size}`;
    fonts.set(css, known);
    return known;
  };
  const paint = (name: 'fill' | 'stroke'): string => {
    const style = name === 'fill' ? pen.fillStyle : pen.strokeStyle;
    return svgPaint(name, typeof style === 'string' ? style : 'none', pen.globalAlpha);
  };
  const strokeAttributes = (): string => {
    const caps = pen.lineCap === 'butt' ? '' : ` stroke-linecap="${pen.lineCap}"`;
    const joins = pen.lineJoin === 'miter' ? '' : ` stroke-linejoin="${pen.lineJoin}"`;
    const dashes =
      dash.length === 0 ? '' : ` stroke-dasharray="${dash.map((part) => svgNumber(part * scale)).join(' ')}"`;
    return ` fill="none"${paint('stroke')} stroke-width="${svgNumber(pen.lineWidth * scale)}"${caps}${joins}${dashes}`;
  };
  const box = (x: number, y: number, width: number, height: number): string =>
    `<rect x="${svgNumber(px(x))}" y="${svgNumber(py(y))}" width="${svgNumber(width * scale)}" height="${svgNumber(height * scale)}"`;

  const pen: SvgPen = {
    fillStyle: '#000',
    strokeStyle: '#000',
    lineWidth: 1,
    lineCap: 'butt',
    lineJoin: 'miter',
    globalAlpha: 1,
    font: '10px sans-serif',
    setLineDash(segments: Iterable<number>) {
      dash = [...segments];
    },
    setTransform(a?: number | DOMMatrix2DInit, _b?: number, _c?: number, _d?: number, e?: number, f?: number) {
      [scale, shiftX, shiftY] = [typeof a === 'number' ? a : 1, e ?? 0, f ?? 0];
    },
    translate(x, y) {
      [shiftX, shiftY] = [px(x), py(y)];
    },
    save() {
      const { fillStyle, strokeStyle, lineWidth, lineCap, lineJoin, globalAlpha, font } = pen;
      kept.push({
        fillStyle,
        strokeStyle,
        lineWidth,
        lineCap,
        lineJoin,
        globalAlpha,
        font,
        dash,
        scale,
        x: shiftX,
        y: shiftY,
      });
    },
    restore() {
      const last = kept.pop();
      if (last === undefined) return;
      const { dash: lastDash, scale: lastScale, x, y, ...styles } = last;
      Object.assign(pen, styles);
      [dash, scale, shiftX, shiftY] = [lastDash, lastScale, x, y];
    },
    beginPath() {
      path = createSvgPath();
    },
    moveTo: (x, y) => path.moveTo(px(x), py(y)),
    lineTo: (x, y) => path.lineTo(px(x), py(y)),
    arc: (x, y, radius, from, to) => path.arc(px(x), py(y), radius * scale, from, to),
    arcTo: (x1, y1, x2, y2, radius) => path.arcTo(px(x1), py(y1), px(x2), py(y2), radius * scale),
    roundRect(x, y, width, height, radius) {
      path.roundRect(px(x), py(y), width * scale, height * scale, (typeof radius === 'number' ? radius : 0) * scale);
    },
    fill() {
      if (path.d !== '') parts.push(`<path d="${path.d}"${paint('fill')}/>`);
    },
    stroke() {
      if (path.d !== '') parts.push(`<path d="${path.d}"${strokeAttributes()}/>`);
    },
    fillRect(x, y, width, height) {
      parts.push(`${box(x, y, width, height)}${paint('fill')}/>`);
    },
    strokeRect(x, y, width, height) {
      parts.push(`${box(x, y, width, height)}${strokeAttributes()}/>`);
    },
    fillText(text, x, y) {
      const place = `x="${svgNumber(px(x))}" y="${svgNumber(py(y))}"`;
      parts.push(`<text ${place} class="${fontClass(pen.font)}"${paint('fill')}>${escapeXml(text)}</text>`);
    },
    measureText: (text) => measure(text, pen.font),
    toSvg(width, height, title) {
      const rules = [...fonts].map(([font, name]) => `.${name}{font:${font}}`).join('');
      const size = `width="${svgNumber(width)}" height="${svgNumber(height)}"`;
      return [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${svgNumber(width)} ${svgNumber(height)}" role="img">`,
        `<title>${escapeXml(title)}</title>`,
        `<style>text{white-space:pre}${escapeXml(rules).replaceAll('&quot;', '"').replaceAll('&#39;', "'")}</style>`,
        ...parts,
        '</svg>\n',
      ].join('');
    },
  };
  return pen;
}
