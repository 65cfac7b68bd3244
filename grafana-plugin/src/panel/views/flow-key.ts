/** What a key does to a flow in every view. */
export type FlowKey =
  /** Shows nodes down to this level, roots being level 0. */
  | { readonly kind: 'level'; readonly level: number }
  /** Leads to the next failure, or to the one before. */
  | { readonly kind: 'failure'; readonly step: 1 | -1 };

/** `*` and the digits expand to a level, `e` and `E` lead to the next failure and the one before. */
export function flowKey(key: string): FlowKey | null {
  if (/^\d$/.test(key)) return { kind: 'level', level: Number(key) };
  if (key === '*') return { kind: 'level', level: Infinity };
  if (key === 'e') return { kind: 'failure', step: 1 };
  return key === 'E' ? { kind: 'failure', step: -1 } : null;
}
