import type { TreeLayout } from '../../layout/tree-layout';
import { CARD } from '../../layout/tree-sizes';
import type { Figures } from '../../components/figures-context';
import type { Camera, Size } from './camera';
import type { FitText } from './fit-text';
import type { Palette } from './palette';
import type { Failures } from '../../layout/failures';
import type { Matches } from '../../layout/matches';

/** All that one frame of the tree is drawn from. Nodes are named by their indices, NONE for none. */
export interface Scene {
  readonly layout: TreeLayout;
  readonly palette: Palette;
  readonly fitText: FitText;
  readonly failures: Failures;
  readonly matches: Matches;
  readonly figures: Figures;
  readonly collapsed: ReadonlySet<string>;
  readonly selected: number;
  readonly hovered: number;
  readonly camera: Camera;
  readonly window: Size;
  /** The servers' time, epoch ms. */
  readonly nowTs: number;
  /** Of the rings of running nodes, radians. */
  readonly angle: number;
}

/** How much of a card is drawn: all, its name and icon, a plain bar, or joined pixels. */
export type Detail = 'card' | 'name' | 'bar' | 'pixels';

const CARD_FROM_SCALE = 0.55;
const NAME_FROM_WIDTH_PX = 60;
const BAR_FROM_HEIGHT_PX = 4;

export function detailAt(scale: number): Detail {
  if (scale >= CARD_FROM_SCALE) return 'card';
  if (scale * CARD.width >= NAME_FROM_WIDTH_PX) return 'name';
  return scale * CARD.height >= BAR_FROM_HEIGHT_PX ? 'bar' : 'pixels';
}

/** Where a card's texts stand, px from its top left. */
export const TEXT = { left: 33, right: CARD.width - 10, nameY: 18, detailY: 34, gap: 8 } as const;

/** Along the tree's own axes: where the line to the children leaves a card, and where lines meet it from the side. */
export const TRUNK = 22;
export const TOGGLE_RADIUS = 6.5;
/** Where what folds a group again lies: its middle from the right edge of the first card, and above its upper edge. */
const FOLD = { x: 24, y: 8 } as const;
export const FOLD_RADIUS = 6;

/** A point of the drawing, px at 100 %. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middle of the toggle of a card's children: below it, or right of it when the tree goes down. */
export function toggleAt({ x, y, axes }: TreeLayout, index: number): Point {
  const [left, top] = [x[index] ?? 0, y[index] ?? 0];
  return axes.isDown ? { x: left + CARD.width, y: top + TRUNK } : { x: left + TRUNK, y: top + CARD.height };
}

/** The middle of what folds the group again whose first card this is. */
export function foldAt({ x, y }: TreeLayout, index: number): Point {
  return { x: (x[index] ?? 0) + CARD.width - FOLD.x, y: (y[index] ?? 0) - FOLD.y };
}
