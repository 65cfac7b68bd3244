/** Sizes of the tree's cards and the room between them, px at 100 %. */
export const CARD = {
  width: 188,
  height: 44,
  /** Between a card and the next in its row: room for an arrow. */
  gapX: 34,
  gapY: 14,
  /** How far a child stands right of its parent. */
  indent: 44,
  /** Around the whole drawing. */
  margin: 20,
} as const;

/** From the top of a row to the top of the next, px at 100 %. */
export const ROW_PITCH = CARD.height + CARD.gapY;
