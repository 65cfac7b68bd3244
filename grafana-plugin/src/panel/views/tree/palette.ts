import type { GrafanaTheme2 } from '@grafana/data';
import { checkpointColor } from '../../colors';

/** The colours and fonts that a canvas needs, resolved once per theme. */
export interface Palette {
  readonly ground: string;
  readonly card: string;
  readonly cardHover: string;
  readonly border: string;
  readonly line: string;
  readonly text: string;
  readonly detail: string;
  readonly muted: string;
  readonly error: string;
  readonly ok: string;
  readonly focus: string;
  readonly nameFont: string;
  /** Of a name that stands alone, zoomed out. */
  readonly largeNameFont: string;
  readonly detailFont: string;
  readonly durationFont: string;
  readonly countFont: string;
  checkpoint(name: string): string;
  /** The colour as one number, as an ImageData on this machine holds it. */
  pixel(color: string): number;
  checkpointPixel(name: string): number;
}

export function createPalette(theme: GrafanaTheme2): Palette {
  const { colors, typography } = theme;
  const checkpoints = new Map<string, string>();
  const pixels = new Map<string, number>();
  const checkpointPixels = new Map<string, number>();
  const dot = document.createElement('canvas');
  dot.width = dot.height = 1;
  const context = dot.getContext('2d', { willReadFrequently: true });

  const pixel = (color: string): number => {
    if (context === null) return 0;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0] ?? 0;
  };

  const pixelOf = (color: string): number => {
    let value = pixels.get(color);
    if (value === undefined) pixels.set(color, (value = pixel(color)));
    return value;
  };
  const checkpoint = (name: string): string => {
    let color = checkpoints.get(name);
    if (color === undefined) checkpoints.set(name, (color = checkpointColor(theme, name)));
    return color;
  };

  return {
    ground: colors.background.primary,
    card: colors.background.secondary,
    cardHover: colors.emphasize(colors.background.secondary, 0.04),
    border: colors.border.medium,
    line: colors.border.strong,
    text: colors.text.primary,
    detail: colors.text.secondary,
    muted: colors.text.secondary,
    error: colors.error.text,
    ok: theme.visualization.getColorByName('green'),
    focus: colors.primary.text,
    nameFont: `500 12.5px ${typography.fontFamily}`,
    largeNameFont: `500 20px ${typography.fontFamily}`,
    detailFont: `400 11px ${typography.fontFamily}`,
    durationFont: `400 11.5px ${typography.fontFamilyMonospace}`,
    countFont: `500 9.5px ${typography.fontFamily}`,
    checkpoint,
    pixel: pixelOf,
    checkpointPixel(name) {
      let value = checkpointPixels.get(name);
      if (value === undefined) checkpointPixels.set(name, (value = pixelOf(checkpoint(name))));
      return value;
    },
  };
}
