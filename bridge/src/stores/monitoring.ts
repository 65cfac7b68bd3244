import type { MonitoringGrant } from '@flow-tracking/protocol';
import { inTransaction, type Pool, type PoolClient } from '../adapters/postgres';
import { epochMs } from './columns';

const GRANT = `user_id, ${epochMs('enabled_at')} AS enabled_ts, ${epochMs('expires_at')} AS expires_ts, enabled_by`;

type AuditAction = 'enable' | 'extend' | 'disable' | 'expire';

async function audit(
  client: PoolClient,
  action: AuditAction,
  actor: string | null,
  grants: readonly MonitoringGrant[],
) {
  await client.query(
    `INSERT INTO flow.monitoring_audit (action, actor, user_id, expires_at)
SELECT $1, $2, user_id, to_timestamp(expires_ts / 1000.0) FROM unnest($3::text[], $4::float8[]) AS g(user_id, expires_ts)`,
    [action, actor, grants.map((grant) => grant.user_id), grants.map((grant) => grant.expires_ts)],
  );
}

/** Makes or extends a user's grant, and audits it. */
export async function saveGrant(
  pool: Pool,
  grant: { userId: string; expiresTs: number; actor: string | null },
): Promise<MonitoringGrant> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MonitoringGrant & { is_new: boolean }>(
      `INSERT INTO flow.monitoring AS m (user_id, expires_at, enabled_by)
VALUES ($1, to_timestamp($2::float8 / 1000.0), $3)
ON CONFLICT (user_id) DO UPDATE SET
  expires_at = EXCLUDED.expires_at,
  enabled_by = EXCLUDED.enabled_by,
  enabled_at = CASE WHEN m.expires_at > now() THEN m.enabled_at ELSE now() END
RETURNING ${GRANT}, xmax = 0 AS is_new`,
      [grant.userId, grant.expiresTs, grant.actor],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('INSERT … RETURNING gave no row');
    const { is_new: isNew, ...saved } = row;
    await audit(client, isNew ? 'enable' : 'extend', grant.actor, [saved]);
    return saved;
  });
}

/** Takes a user's grant away, and audits it; false when there was none. */
export async function deleteGrant(pool: Pool, userId: string, actor: string | null): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MonitoringGrant>(
      `DELETE FROM flow.monitoring WHERE user_id = $1 RETURNING ${GRANT}`,
      [userId],
    );
    await audit(client, 'disable', actor, rows);
    return rows.length > 0;
  });
}

/** Takes away the grants that have expired; each of several bridges gets only those that it took away itself. */
export async function deleteExpiredGrants(pool: Pool): Promise<MonitoringGrant[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MonitoringGrant>(
      `DELETE FROM flow.monitoring WHERE expires_at <= now() RETURNING ${GRANT}`,
    );
    await audit(client, 'expire', null, rows);
    return rows;
  });
}

/** The grants in force, soonest expiry first. */
export async function listGrants(pool: Pool): Promise<MonitoringGrant[]> {
  const { rows } = await pool.query<MonitoringGrant>(
    `SELECT ${GRANT} FROM flow.monitoring WHERE expires_at > now() ORDER BY expires_at, user_id`,
  );
  return rows;
}
