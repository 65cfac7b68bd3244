import { NONE } from '../../layout/forest';
import type { TreeLayout } from '../../layout/tree-layout';
import { FOLD_RADIUS, foldAt, TOGGLE_RADIUS, toggleAt } from './scene';

/** What a point of the drawing is of: a card, its toggle, or what folds its group again. */
export interface Hit {
  /** NONE for empty ground. */
  readonly card: number;
  readonly part: 'card' | 'toggle' | 'fold';
}

/** How far around its middle a toggle can be hit, px at 100 %. */
const REACH = TOGGLE_RADIUS + 3;
const FOLD_REACH_X = 26;
/** The pill lies above its card. */
const FOLD_REACH_Y = 16;

/** @param x px at 100 % */
export function hitTest(layout: TreeLayout, x: number, y: number): Hit {
  const { folds, forest } = layout;
  // Half of a toggle lies beyond its card.
  for (const [dx, dy] of [
    [0, 0],
    [0, -REACH],
    [-REACH, 0],
    [0, FOLD_REACH_Y],
  ] as const) {
    const card = layout.at(x + dx, y + dy);
    if (card === NONE) continue;
    const toggle = toggleAt(layout, card);
    const isParent = forest.childCountOf(card) > 0 && folds.closedAt(card) === null;
    if (isParent && Math.hypot(x - toggle.x, y - toggle.y) <= REACH) return { card, part: 'toggle' };
    const fold = foldAt(layout, card);
    const isAtFold = Math.abs(x - fold.x) <= FOLD_REACH_X && Math.abs(y - fold.y) <= FOLD_RADIUS + 2;
    if (folds.openAt(card) !== null && isAtFold) return { card, part: 'fold' };
    if (dx === 0 && dy === 0) return { card, part: 'card' };
  }
  return { card: NONE, part: 'card' };
}
