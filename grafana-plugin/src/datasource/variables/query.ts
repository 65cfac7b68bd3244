import type { DataQuery } from '@grafana/data';
import type { Selector } from '../queries/query-kind';

export const SELECTORS = ['users', 'sessions', 'checkpoints', 'services'] as const satisfies readonly Selector[];

/** What a variable lists. */
export interface VariableQuery extends DataQuery {
  select: Selector;
  /** Of sessions: of these users. Empty or `*`: of anyone. */
  user: string;
  /** Contained in the values; `$__searchFilter` is what the person types. */
  search: string;
}

export const REF_ID = 'FlowVariable';

/**
 * Reads a variable as it was saved: an object, or the text `users()`, `sessions($user)`, `checkpoints()` or `services()`.
 *
 * @throws {Error} for any other text
 */
export function readVariableQuery(saved: unknown): VariableQuery {
  if (typeof saved === 'string') return readText(saved);
  const { select, user, search, query } = (saved ?? {}) as Partial<Record<string, unknown>>;
  // Older versions of Grafana wrap a text.
  if (typeof query === 'string' && select === undefined) return readText(query);
  return {
    refId: REF_ID,
    select: SELECTORS.find((known) => known === select) ?? 'users',
    user: typeof user === 'string' ? user : '',
    search: typeof search === 'string' ? search : '',
  };
}

function readText(text: string): VariableQuery {
  if (text.trim() === '') return { refId: REF_ID, select: 'users', user: '', search: '' };
  const match = /^\s*(users|sessions|checkpoints|services)\s*\(\s*(.*?)\s*\)\s*$/s.exec(text);
  const select = SELECTORS.find((known) => known === match?.[1]);
  if (match === null || select === undefined) {
    throw new Error(`variable query: expected users(), sessions(<user>), checkpoints() or services(), got ${text}`);
  }
  return { refId: REF_ID, select, user: select === 'sessions' ? (match[2] ?? '') : '', search: '' };
}

const SEARCH_FILTER = /^\s*\$(?:__searchFilter|\{__searchFilter\})\s*$/;

/** What it lists all of; null when it lists but some. */
export function listsAllOf(saved: unknown): Selector | null {
  if (saved === undefined || saved === null || saved === '') return null;
  try {
    const { select, user, search } = readVariableQuery(saved);
    const isFiltered = search !== '' && !SEARCH_FILTER.test(search);
    return isFiltered || (select === 'sessions' && user !== '' && user !== '*') ? null : select;
  } catch {
    return null;
  }
}
