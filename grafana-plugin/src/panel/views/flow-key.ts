import { commandOf } from '../state/key-table';

/** What a key does to a flow in every view. */
export type FlowKey =
  /** Shows nodes down to this level, roots being level 0. */
  | { readonly kind: 'level'; readonly level: number }
  /** Shows what leads to failures, and nothing else; or everything again. */
  | { readonly kind: 'failuresOnly' }
  /** Leads to the next failure or match, or to the one before. */
  | { readonly kind: 'failure'; readonly step: 1 | -1 }
  | { readonly kind: 'match'; readonly step: 1 | -1 };

export function flowKey(key: string): FlowKey | null {
  switch (commandOf(key)) {
    case 'level':
      return { kind: 'level', level: Number(key) };
    case 'expandAll':
      return { kind: 'level', level: Infinity };
    case 'failuresOnly':
      return { kind: 'failuresOnly' };
    case 'nextFailure':
      return { kind: 'failure', step: 1 };
    case 'previousFailure':
      return { kind: 'failure', step: -1 };
    case 'nextMatch':
      return { kind: 'match', step: 1 };
    case 'previousMatch':
      return { kind: 'match', step: -1 };
    default:
      return null;
  }
}
