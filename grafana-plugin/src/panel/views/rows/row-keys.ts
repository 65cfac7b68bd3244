import { NONE, type Forest } from '../../layout/forest';
import type { Rows } from '../../layout/rows';

/** What a key does to the rows. */
export type RowAction = { readonly kind: 'focus' | 'toggle' | 'fold' | 'select'; readonly row: number };

function sideways(key: string, rows: Rows, forest: Forest, row: number): RowAction | null {
  const index = rows.nodeAt(row);
  const { folds } = rows;
  if (folds.closedAt(index) !== null && key === 'ArrowRight') return { kind: 'fold', row };
  const isParent = folds.closedAt(index) === null && forest.firstChildOf(index) !== NONE;
  const isOpen = isParent && !rows.isCollapsed(index);
  if (key === 'ArrowRight') {
    if (!isParent) return null;
    return isOpen ? { kind: 'focus', row: row + 1 } : { kind: 'toggle', row };
  }
  if (isOpen) return { kind: 'toggle', row };
  if (folds.openAt(index) !== null) return { kind: 'fold', row };
  const parent = forest.parentOf(index);
  return parent === NONE ? null : { kind: 'focus', row: rows.rowOf(parent) };
}

/**
 * What a key does in a treegrid whose rows have the focus, by the pattern of WAI-ARIA. A group of equal siblings opens to the
 * right, and closes to the left of its first node.
 *
 * @param pageRows rows that are in sight
 * @returns null for a key that does nothing here
 */
export function rowAction(key: string, rows: Rows, forest: Forest, row: number, pageRows: number): RowAction | null {
  const focus = (target: number): RowAction => ({
    kind: 'focus',
    row: Math.min(Math.max(target, 0), rows.size - 1),
  });
  if (rows.size === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return focus(row + 1);
    case 'ArrowUp':
      return focus(row - 1);
    case 'PageDown':
      return focus(row + pageRows);
    case 'PageUp':
      return focus(row - pageRows);
    case 'Home':
      return focus(0);
    case 'End':
      return focus(rows.size - 1);
    case 'ArrowLeft':
    case 'ArrowRight':
      return sideways(key, rows, forest, row);
    case 'Enter':
    case ' ':
      return { kind: rows.folds.closedAt(rows.nodeAt(row)) === null ? 'select' : 'fold', row };
    default:
      return null;
  }
}
