import type { FlowQuery, QueryKindName } from '../types';
import { migrateQuery } from '../migrate-query';
import { annotations } from './annotations/kind';
import { checkpointStats } from './checkpoint-stats/kind';
import { flow } from './flow/kind';
import { flowList } from './flow-list/kind';
import { history } from './history/kind';
import { live } from './live/kind';
import { monitoredUsers } from './monitored-users/kind';
import type { QueryKind } from './query-kind';
import { running } from './running/kind';
import { session } from './session/kind';

/** A kind, whatever its queries hold: what it reads is what it runs, so the two always fit. */
export type AnyQueryKind = QueryKind<FlowQuery>;

/** In the order in which the editor offers them. */
export const QUERY_KINDS: readonly AnyQueryKind[] = [
  live,
  running,
  flowList,
  history,
  session,
  flow,
  checkpointStats,
  monitoredUsers,
  annotations,
] as unknown as AnyQueryKind[];

const BY_NAME = new Map<QueryKindName, AnyQueryKind>(QUERY_KINDS.map((kind) => [kind.name, kind]));

/** The kind of a saved query, and the query as that kind reads it. */
export function resolveQuery(saved: FlowQuery): { kind: AnyQueryKind; query: FlowQuery } {
  const explicit = migrateQuery(saved);
  const kind = BY_NAME.get(explicit.queryType) ?? (flow as unknown as AnyQueryKind);
  return { kind, query: kind.read(explicit) };
}
