import { svgNumber } from './svg-text';

/** Builds the `d` of an SVG path from a canvas's calls, in coordinates of the picture. */
export interface SvgPath {
  readonly d: string;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  arcTo(x1: number, y1: number, x2: number, y2: number, radius: number): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
}

const at = (x: number, y: number): string => `${svgNumber(x)} ${svgNumber(y)}`;

export function createSvgPath(): SvgPath {
  let d = '';
  let [lastX, lastY] = [0, 0];

  const moveTo = (x: number, y: number): void => {
    d += `M${at(x, y)}`;
    [lastX, lastY] = [x, y];
  };
  const lineTo = (x: number, y: number): void => {
    if (d === '') return moveTo(x, y);
    d += `L${at(x, y)}`;
    [lastX, lastY] = [x, y];
  };
  const curveTo = (radius: number, isLarge: boolean, isClockwise: boolean, x: number, y: number): void => {
    d += `A${svgNumber(radius)} ${svgNumber(radius)} 0 ${Number(isLarge)} ${Number(isClockwise)} ${at(x, y)}`;
    [lastX, lastY] = [x, y];
  };

  return {
    get d() {
      return d;
    },
    moveTo,
    lineTo,
    arc(x, y, radius, from, to) {
      const pointAt = (angle: number) => [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
      lineTo(...pointAt(from));
      const sweep = Math.min(to - from, 2 * Math.PI);
      // An SVG arc that ends where it began is nothing at all.
      if (sweep >= 2 * Math.PI - 1e-9) curveTo(radius, false, true, ...pointAt(from + Math.PI));
      curveTo(radius, sweep > Math.PI && sweep < 2 * Math.PI - 1e-9, true, ...pointAt(to));
    },
    arcTo(x1, y1, x2, y2, radius) {
      const [ax, ay, bx, by] = [lastX - x1, lastY - y1, x2 - x1, y2 - y1];
      const [a, b] = [Math.hypot(ax, ay), Math.hypot(bx, by)];
      const cross = ax * by - ay * bx;
      if (d === '' || a === 0 || b === 0 || radius === 0 || Math.abs(cross) < 1e-9) return lineTo(x1, y1);
      const angle = Math.acos(Math.min(1, Math.max(-1, (ax * bx + ay * by) / (a * b))));
      const away = radius / Math.tan(angle / 2);
      lineTo(x1 + (ax / a) * away, y1 + (ay / a) * away);
      curveTo(radius, false, cross < 0, x1 + (bx / b) * away, y1 + (by / b) * away);
    },
    roundRect(x, y, width, height, radius) {
      const r = Math.min(radius, width / 2, height / 2);
      moveTo(x + r, y);
      lineTo(x + width - r, y);
      curveTo(r, false, true, x + width, y + r);
      lineTo(x + width, y + height - r);
      curveTo(r, false, true, x + width - r, y + height);
      lineTo(x + r, y + height);
      curveTo(r, false, true, x, y + height - r);
      lineTo(x, y + r);
      curveTo(r, false, true, x + r, y);
      d += 'Z';
    },
  };
}
