import type { Pool } from '../platform/postgres/pool';
import { ok, warn, type CheckPlan } from './check';
import { readReportAge } from './schema-state-store';

/** Every bridge writes its row so often. */
const REPORT_MS = 15_000;
/** The newest row is older where the replica is behind, whatever way it gets its data. */
const LATE_MS = 2 * REPORT_MS;

/** Whether the replica has what the primary was told of late. */
export function planReplicaCheck(replica: Pool): CheckPlan {
  return {
    id: 'postgres_replica',
    title: 'The replica is up to date',
    fix: 'Start the Postgres of DATABASE_READ_URL, or unset it; until then history can not be read, while live flows go on',
    async look() {
      const ageMs = await readReportAge(replica);
      const age = ageMs === null ? 'none' : `${Math.round(ageMs / 1_000)} s old`;
      const detail = `Newest report of a bridge on it: ${age}; a bridge reports every ${REPORT_MS / 1_000} s`;
      if (ageMs !== null && ageMs <= LATE_MS) return ok(detail);
      return warn(detail, 'The replica is behind: see pg_stat_replication on the primary');
    },
  };
}
