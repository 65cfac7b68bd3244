import type { GrafanaTheme2 } from '@grafana/data';
import type { Looks } from '../../looks';
import { slowColor } from '../../slow-color';

/** The colours and fonts that a canvas needs, resolved once per theme and looks. */
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
  /** Of the selected node. */
  readonly focus: string;
  readonly selected: string;
  readonly nameFont: string;
  /** Of a name that stands alone, zoomed out. */
  readonly largeNameFont: string;
  readonly detailFont: string;
  readonly durationFont: string;
  readonly countFont: string;
  readonly looks: Looks;
  checkpoint(name: string): string;
  /** Of what is slow; by the name of a threshold's colour, if it passed one. */
  slow(step: string | undefined): string;
  /** The colour as one number, as an ImageData on this machine holds it. */
  pixel(color: string): number;
  checkpointPixel(name: string): number;
  /** The same colour faded into the ground. */
  fadedPixel(pixel: number): number;
}

/** How much of its colour keeps what is not looked for. */
export const FADED_ALPHA = 0.28;

/** Two pixels mixed, byte by byte. */
function mixed(pixel: number, ground: number): number {
  let result = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const [over, under] = [(pixel >>> shift) & 0xff, (ground >>> shift) & 0xff];
    result |= Math.round(under + (over - under) * FADED_ALPHA) << shift;
  }
  return result >>> 0;
}

export function createPalette(theme: GrafanaTheme2, looks: Looks): Palette {
  const { colors, typography } = theme;
  const checkpoints = new Map<string, string>();
  const slowColors = new Map<string | undefined, string>();
  const pixels = new Map<string, number>();
  const checkpointPixels = new Map<string, number>();
  const fadedPixels = new Map<number, number>();
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
    if (color === undefined) checkpoints.set(name, (color = looks.color(theme, name)));
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
    selected: colors.primary.transparent,
    nameFont: `500 12.5px ${typography.fontFamily}`,
    largeNameFont: `500 20px ${typography.fontFamily}`,
    detailFont: `400 11px ${typography.fontFamily}`,
    durationFont: `400 11.5px ${typography.fontFamilyMonospace}`,
    countFont: `500 9.5px ${typography.fontFamily}`,
    looks,
    checkpoint,
    slow(step) {
      let color = slowColors.get(step);
      if (color === undefined) slowColors.set(step, (color = slowColor(theme, step)));
      return color;
    },
    pixel: pixelOf,
    fadedPixel(value) {
      let faded = fadedPixels.get(value);
      if (faded === undefined) fadedPixels.set(value, (faded = mixed(value, pixelOf(colors.background.primary))));
      return faded;
    },
    checkpointPixel(name) {
      let value = checkpointPixels.get(name);
      if (value === undefined) checkpointPixels.set(name, (value = pixelOf(checkpoint(name))));
      return value;
    },
  };
}
