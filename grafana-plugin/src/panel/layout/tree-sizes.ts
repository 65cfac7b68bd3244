import type { TreeDirection } from '../options';

/** Sizes of the tree's cards and the room around them, px at 100 %. */
export const CARD = {
  width: 188,
  height: 44,
  /** Around the whole drawing. */
  margin: 20,
} as const;

/**
 * Sizes by the tree's own axes, px at 100 %: roots follow each other along `u`, and what is below them stands further along
 * `v`, a row for each card. Left to right, u is x and v is y; top-down, u is y and v is x.
 */
export interface TreeAxes {
  readonly cardU: number;
  readonly cardV: number;
  /** Between a card and the next in its row: room for an arrow. */
  readonly gapU: number;
  readonly gapV: number;
  /** From one row to the next. */
  readonly pitchV: number;
  /** How far along u a child stands from its parent. */
  readonly indent: number;
  readonly isDown: boolean;
}

export const AXES: Readonly<Record<TreeDirection, TreeAxes>> = {
  right: { cardU: 188, cardV: 44, gapU: 34, gapV: 14, pitchV: 58, indent: 44, isDown: false },
  down: { cardU: 44, cardV: 188, gapU: 34, gapV: 22, pitchV: 210, indent: 40, isDown: true },
};
