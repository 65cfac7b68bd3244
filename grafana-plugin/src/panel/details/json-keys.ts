import type { JsonRow } from './json-rows';

/** What a key does to a tree of JSON. */
export type JsonKey = { readonly kind: 'focus'; readonly row: number } | { readonly kind: 'open' | 'shut' | 'press' };

/** By the pattern of WAI-ARIA for trees. @returns null for a key that does nothing here */
export function jsonKey(key: string, rows: readonly JsonRow[], at: number): JsonKey | null {
  const row = rows[at];
  if (row === undefined) return null;
  const go = (to: number): JsonKey => ({ kind: 'focus', row: Math.min(Math.max(to, 0), rows.length - 1) });
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (row.kind !== 'parent' || row.count === 0) return null;
      return row.isOpen ? go(at + 1) : { kind: 'open' };
    case 'ArrowLeft': {
      if (row.isOpen) return { kind: 'shut' };
      let above = at - 1;
      while (above >= 0 && (rows[above]?.level ?? 0) >= row.level) above--;
      return above < 0 ? null : go(above);
    }
    case 'Enter':
    case ' ':
      return row.kind === 'value' || (row.kind === 'parent' && row.count === 0) ? null : { kind: 'press' };
    default:
      return null;
  }
}
