import type { CheckpointStatus } from '@flow-tracking/protocol';

/** Which nodes are looked for, beside the words of a search. */
export interface NodeFilters {
  /** Any of them; of all checkpoints when empty. */
  readonly checkpoints: readonly string[];
  /** Any of them; of every status when empty. */
  readonly statuses: readonly CheckpointStatus[];
  /** Nodes that took at least so many ms, or have run so long; null for all. */
  readonly minMs: number | null;
}

export const NO_FILTERS: NodeFilters = { checkpoints: [], statuses: [], minMs: null };

/** One word that a node must hold, in lower case. */
export interface Word {
  readonly text: string;
  /** Of `name:value`: the attribute whose name holds the one and whose value holds the other does, too. */
  readonly field: { readonly name: string; readonly value: string } | null;
}

/** What is looked for; a node must meet all of it. Another question is another object. */
export interface Query {
  readonly words: readonly Word[];
  readonly checkpoints: ReadonlySet<string>;
  readonly statuses: ReadonlySet<CheckpointStatus>;
  readonly minMs: number | null;
}

function wordOf(text: string): Word {
  const colon = text.indexOf(':');
  const [name, value] = [text.slice(0, colon), text.slice(colon + 1)];
  return { text, field: colon > 0 && value !== '' ? { name, value } : null };
}

/** @returns null when nothing is asked */
export function createQuery(search: string, { checkpoints, statuses, minMs }: NodeFilters): Query | null {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0 && checkpoints.length === 0 && statuses.length === 0 && minMs === null) return null;
  return { words: words.map(wordOf), checkpoints: new Set(checkpoints), statuses: new Set(statuses), minMs };
}

/** How many kinds of filters are set. */
export function countFilters({ checkpoints, statuses, minMs }: NodeFilters): number {
  return Number(checkpoints.length > 0) + Number(statuses.length > 0) + Number(minMs !== null);
}

const UNIT_MS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** `250`, `250ms`, `1.5 s`, `2m` or `1h` in ms; null for what is no duration. */
export function parseDuration(text: string): number | null {
  const found = /^(\d+(?:[.,]\d+)?|[.,]\d+)\s*([a-z]*)$/.exec(text.trim().toLowerCase());
  const unit = UNIT_MS[found?.[2] ?? '?'];
  if (found === null || unit === undefined) return null;
  return Number((found[1] ?? '').replace(',', '.')) * unit;
}
