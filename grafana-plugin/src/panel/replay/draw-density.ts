import type { Density } from './density';

/** Of the height, for few beside many to be seen: their root, not their share. */
const heightOf = (count: number, most: number): number => (most === 0 ? 0 : Math.sqrt(count / most));

/** Draws bands one above the other, and a line where a failure began; a part is one px wide. */
export function drawDensity(
  context: CanvasRenderingContext2D,
  { bands, most, failed }: Density,
  heightPx: number,
  failedColor: string,
): void {
  const parts = failed.length;
  context.clearRect(0, 0, parts, heightPx);
  const totals = new Float64Array(parts);
  const bottoms = new Float64Array(parts);
  for (const band of bands.values()) {
    for (let part = 0; part < parts; part++) totals[part] = (totals[part] ?? 0) + (band[part] ?? 0);
  }
  for (const [color, band] of bands) {
    context.fillStyle = color;
    for (let part = 0; part < parts; part++) {
      const count = band[part] ?? 0;
      if (count === 0) continue;
      const total = totals[part] ?? count;
      const columnPx = Math.max(2, heightOf(total, most) * heightPx);
      const bandPx = (columnPx * count) / total;
      const bottomPx = bottoms[part] ?? 0;
      bottoms[part] = bottomPx + bandPx;
      context.fillRect(part, heightPx - bottomPx - bandPx, 1, bandPx);
    }
  }
  context.fillStyle = failedColor;
  for (let part = 0; part < parts; part++) if (failed[part] === 1) context.fillRect(part - 1, 0, 2, heightPx);
}
