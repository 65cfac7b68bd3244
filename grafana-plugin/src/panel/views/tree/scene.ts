import type { TreeLayout } from '../../layout/tree-layout';
import { CARD } from '../../layout/tree-sizes';
import type { Camera, Size } from './camera';
import type { FitText } from './fit-text';
import type { Palette } from './palette';
import type { Failures } from '../../layout/failures';

/** All that one frame of the tree is drawn from. Nodes are named by their indices, NONE for none. */
export interface Scene {
  readonly layout: TreeLayout;
  readonly palette: Palette;
  readonly fitText: FitText;
  readonly failures: Failures;
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

/** Where the line to the children leaves a card, from its left edge, and where its toggle is. */
export const TRUNK_X = 22;
export const TOGGLE_RADIUS = 6.5;
