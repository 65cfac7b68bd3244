import type { DataQuery } from '@grafana/schema';

/** Whose editor is on show. */
export const EXPLORE_MODES = ['query', 'variable', 'annotation'] as const;
export type ExploreMode = (typeof EXPLORE_MODES)[number];

/** What an address of Explore says. */
export interface ExploreAddress {
  mode: ExploreMode;
  /** Uid; empty: the default one. */
  dataSource: string;
  /** What the editor made; undefined before it made anything. */
  query: DataQuery | undefined;
  /** As Grafana's time picker writes them, such as `now-1h`. */
  from: string;
  to: string;
}

/** Reads `?as=…&datasource=…&query=…&from=…&to=…`; what is no JSON object is no query. */
export function readAddress(search: string): ExploreAddress {
  const params = new URLSearchParams(search);
  return {
    mode: EXPLORE_MODES.find((mode) => mode === params.get('as')) ?? 'query',
    dataSource: params.get('datasource') ?? '',
    query: readQuery(params.get('query')),
    from: params.get('from') || 'now-1h',
    to: params.get('to') || 'now',
  };
}

/** The search parameters of an address; null for those that it does without. */
export function writeAddress({ mode, dataSource, query, from, to }: ExploreAddress): Record<string, string | null> {
  return {
    as: mode === 'query' ? null : mode,
    datasource: dataSource || null,
    query: query === undefined ? null : JSON.stringify(query),
    from,
    to,
  };
}

function readQuery(text: string | null): DataQuery | undefined {
  try {
    const query: unknown = JSON.parse(text ?? '');
    return typeof query === 'object' && query !== null && !Array.isArray(query) ? (query as DataQuery) : undefined;
  } catch {
    return undefined;
  }
}
