import { NONE, type Forest } from '../../layout/forest';
import type { Rows } from '../../layout/rows';

/** What a key does to the rows. */
export type RowAction =
  | { readonly kind: 'focus' | 'toggle' | 'select'; readonly row: number }
  /** Shows nodes down to this level, roots being level 0. */
  | { readonly kind: 'level'; readonly level: number }
  | { readonly kind: 'failure'; readonly step: 1 | -1 };

function sideways(key: string, rows: Rows, forest: Forest, row: number): RowAction | null {
  const index = rows.nodeAt(row);
  const isParent = forest.firstChildOf(index) !== NONE;
  const isOpen = isParent && !rows.isCollapsed(index);
  if (key === 'ArrowRight') {
    if (!isParent) return null;
    return isOpen ? { kind: 'focus', row: row + 1 } : { kind: 'toggle', row };
  }
  if (isOpen) return { kind: 'toggle', row };
  const parent = forest.parentOf(index);
  return parent === NONE ? null : { kind: 'focus', row: rows.rowOf(parent) };
}

/**
 * What a key does in a treegrid whose rows have the focus, by the pattern of WAI-ARIA; `*` and the digits expand to a
 * level, `e` and `E` lead to the next failure and the one before.
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
  if (/^\d$/.test(key)) return { kind: 'level', level: Number(key) };
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
      return { kind: 'select', row };
    case '*':
      return { kind: 'level', level: Infinity };
    case 'e':
      return { kind: 'failure', step: 1 };
    case 'E':
      return { kind: 'failure', step: -1 };
    default:
      return null;
  }
}
