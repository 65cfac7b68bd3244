import type { Tree, TreeInput } from '@flow-tracking/protocol/model';

/** Sizes of the tree view, px. */
export const CARD = { width: 176, height: 46, gapX: 34, gapY: 12, padding: 16 } as const;

/** Where a node stands, in cells of the grid. */
export interface Place {
  readonly column: number;
  readonly row: number;
  /** Whose child it was placed as; a node that gets another parent is placed anew. */
  readonly parentId: string | null;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Between root nodes that follow each other, or from a parent to its child. */
  readonly kind: 'sequence' | 'child';
}

export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly edges: readonly Edge[];
  readonly columns: number;
  readonly rows: number;
}

/**
 * Places the nodes of a tree: roots side by side in the first row, children in the column right of their parent, top down
 * in the order in which they began. A node is placed once, at the end of its column, so that it never moves when another
 * arrives: not even when a sibling of its parent grows children later.
 *
 * @param order all ids in the order in which they began
 * @param before places of the same flow a moment ago, which are kept
 */
export function layoutTree<T extends TreeInput>(
  tree: Tree<T>,
  order: readonly string[],
  before: ReadonlyMap<string, Place> = new Map(),
): Layout {
  const places = new Map<string, Place>();
  /** The first row of each column below all nodes that stand in it. The first row of all is the roots'. */
  const nextRow: number[] = [];
  let rootColumns = 0;
  let columns = 0;
  let rows = 0;

  const put = (id: string, place: Place): void => {
    places.set(id, place);
    columns = Math.max(columns, place.column + 1);
    rows = Math.max(rows, place.row + 1);
    if (place.parentId === null) rootColumns = Math.max(rootColumns, place.column + 1);
    else nextRow[place.column] = Math.max(nextRow[place.column] ?? 1, place.row + 1);
  };

  for (const [id, place] of before) {
    if (tree.nodes.get(id)?.parentId === place.parentId) put(id, place);
  }

  /** Children that come before their parent in the order wait for it. */
  const waiting = new Map<string, string[]>();
  for (const first of order) {
    const stack = [first];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      const node = tree.nodes.get(id);
      if (node === undefined) continue;
      if (!places.has(id)) {
        const parentId = node.parentId;
        const parent = parentId === null ? undefined : places.get(parentId);
        if (parentId !== null && parent === undefined) {
          waiting.set(parentId, [...(waiting.get(parentId) ?? []), id]);
          continue;
        }
        if (parent === undefined) put(id, { column: rootColumns, row: 0, parentId: null });
        else {
          const column = parent.column + 1;
          put(id, { column, row: Math.max(parent.row, nextRow[column] ?? 1, 1), parentId });
        }
      }
      stack.push(...(waiting.get(id) ?? []).reverse());
      waiting.delete(id);
    }
  }
  return { places, edges: findEdges(tree, places), columns, rows };
}

function findEdges<T extends TreeInput>(tree: Tree<T>, places: ReadonlyMap<string, Place>): Edge[] {
  const edges: Edge[] = [];
  const column = (id: string): number => places.get(id)?.column ?? 0;
  const roots = [...tree.roots].sort((a, b) => column(a) - column(b));
  for (let i = 1; i < roots.length; i++) edges.push({ from: roots[i - 1] ?? '', to: roots[i] ?? '', kind: 'sequence' });
  for (const [id, node] of tree.nodes)
    if (node.parentId !== null) edges.push({ from: node.parentId, to: id, kind: 'child' });
  return edges;
}

/** Top left corner of a card, px. */
export function cardPosition(place: Place): { x: number; y: number } {
  return {
    x: CARD.padding + place.column * (CARD.width + CARD.gapX),
    y: CARD.padding + place.row * (CARD.height + CARD.gapY),
  };
}

/** Size of the whole drawing, px. */
export function layoutSize({ columns, rows }: Layout): { width: number; height: number } {
  return {
    width: 2 * CARD.padding + columns * (CARD.width + CARD.gapX) - CARD.gapX,
    height: 2 * CARD.padding + rows * (CARD.height + CARD.gapY) - CARD.gapY,
  };
}

/** SVG path from the right side of one card to the left side of another. */
export function edgePath(from: Place, to: Place): string {
  const a = cardPosition(from);
  const b = cardPosition(to);
  const [x1, y1] = [a.x + CARD.width, a.y + CARD.height / 2];
  const [x2, y2] = [b.x, b.y + CARD.height / 2];
  if (y1 === y2) return `M${x1} ${y1}H${x2}`;
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
