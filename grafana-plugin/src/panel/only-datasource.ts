import type { DataQuery } from '@grafana/data';

/** Uid of the one datasource of all queries; null when there is none, or more than one. */
export function onlyDatasource(targets: readonly Pick<DataQuery, 'hide' | 'datasource'>[]): string | null {
  const uids = new Set(targets.filter(({ hide }) => hide !== true).map(({ datasource }) => datasource?.uid));
  const [only] = uids;
  return uids.size === 1 ? (only ?? null) : null;
}
