import { CARD, type Edge, type Layout, type Place } from './layout';

/** What of a drawing can be seen, px. */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Up to this, everything is drawn: the page's own search and screen readers find all of it. */
const DRAW_ALL = 400;
/** Cells drawn beyond the edge, so that a quick scroll does not show emptiness. */
const MARGIN = 3;

interface Cells {
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly fromRow: number;
  readonly toRow: number;
}

function cellsIn({ left, top, width, height }: Viewport): Cells {
  const [w, h] = [CARD.width + CARD.gapX, CARD.height + CARD.gapY];
  return {
    fromColumn: Math.floor(left / w) - MARGIN,
    toColumn: Math.ceil((left + width) / w) + MARGIN,
    fromRow: Math.floor(top / h) - MARGIN,
    toRow: Math.ceil((top + height) / h) + MARGIN,
  };
}

/** Ids of the nodes to draw. */
export function visibleNodes({ places }: Layout, viewport: Viewport): string[] {
  if (places.size <= DRAW_ALL) return [...places.keys()];
  const cells = cellsIn(viewport);
  const ids: string[] = [];
  for (const [id, { column, row }] of places) {
    if (column >= cells.fromColumn && column <= cells.toColumn && row >= cells.fromRow && row <= cells.toRow)
      ids.push(id);
  }
  return ids;
}

/** Edges to draw: those whose bounds meet the view. */
export function visibleEdges({ places, edges }: Layout, viewport: Viewport): readonly Edge[] {
  if (places.size <= DRAW_ALL) return edges;
  const cells = cellsIn(viewport);
  const overlaps = (a: Place, b: Place): boolean =>
    Math.max(a.column, b.column) >= cells.fromColumn &&
    Math.min(a.column, b.column) <= cells.toColumn &&
    Math.max(a.row, b.row) >= cells.fromRow &&
    // A line that only passes by on its way down is left out: a parent with 100,000 children would draw them all.
    b.row <= cells.toRow;
  return edges.filter((edge) => {
    const from = places.get(edge.from);
    const to = places.get(edge.to);
    return from !== undefined && to !== undefined && overlaps(from, to);
  });
}
