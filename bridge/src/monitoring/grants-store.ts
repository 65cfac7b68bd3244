import type { AuditAction, AuditEntry, MonitoringGrant } from '@flow-tracking/protocol';
import { epochMs } from '../platform/postgres/columns';
import { inTransaction, type Pool, type PoolClient } from '../platform/postgres/pool';
import { createWhere } from '../platform/postgres/where';

const GRANT = `user_id, ${epochMs('enabled_at')} AS enabled_ts, ${epochMs('expires_at')} AS expires_ts, enabled_by, reason`;

/** Who changes something, and why; null: not known. */
export interface Change {
  actor: string | null;
  reason: string | null;
}

/** Records what was done to users' monitoring or records. */
export async function audit(
  client: PoolClient,
  action: AuditAction,
  { actor, reason }: Change,
  targets: readonly { user_id: string; expires_ts: number | null }[],
): Promise<void> {
  await client.query(
    `INSERT INTO flow.monitoring_audit (action, actor, reason, user_id, expires_at)
SELECT $1, $2, $3, user_id, to_timestamp(expires_ts / 1000.0) FROM unnest($4::text[], $5::float8[]) AS s(user_id, expires_ts)`,
    [action, actor, reason, targets.map((target) => target.user_id), targets.map((target) => target.expires_ts)],
  );
}

/** Makes or extends a user's grant, and audits it. */
export async function saveGrant(
  pool: Pool,
  grant: { userId: string; expiresTs: number } & Change,
): Promise<MonitoringGrant> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MonitoringGrant & { is_new: boolean }>(
      `INSERT INTO flow.monitoring AS m (user_id, expires_at, enabled_by, reason)
VALUES ($1, to_timestamp($2::float8 / 1000.0), $3, $4)
ON CONFLICT (user_id) DO UPDATE SET
  expires_at = EXCLUDED.expires_at,
  enabled_by = EXCLUDED.enabled_by,
  reason = EXCLUDED.reason,
  enabled_at = CASE WHEN m.expires_at > now() THEN m.enabled_at ELSE now() END
RETURNING ${GRANT}, xmax = 0 AS is_new`,
      [grant.userId, grant.expiresTs, grant.actor, grant.reason],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('INSERT … RETURNING gave no row');
    const { is_new: isNew, ...saved } = row;
    await audit(client, isNew ? 'enable' : 'extend', grant, [saved]);
    return saved;
  });
}

/** Takes a user's grant away, and audits it; false when there was none. */
export async function deleteGrant(pool: Pool, userId: string, change: Change): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MonitoringGrant>(
      `DELETE FROM flow.monitoring WHERE user_id = $1 RETURNING ${GRANT}`,
      [userId],
    );
    await audit(client, 'disable', change, rows);
    return rows.length > 0;
  });
}

/** Takes away up to `limit` grants that have expired; each of several bridges gets only those that it took away itself. */
export async function deleteExpiredGrants(pool: Pool, limit: number): Promise<MonitoringGrant[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MonitoringGrant>(
      `DELETE FROM flow.monitoring WHERE user_id = ANY(ARRAY(
  SELECT user_id FROM flow.monitoring WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
)) RETURNING ${GRANT}`,
      [limit],
    );
    await audit(client, 'expire', { actor: null, reason: null }, rows);
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

/** Changes whenever the grants in force do: one row instead of all of them, for who has read them before. */
export async function digestGrants(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ digest: string }>(
    `SELECT concat_ws(' ', count(*), sum(hashtextextended(user_id, (extract(epoch FROM expires_at) * 1000)::bigint)::numeric)) AS digest
FROM flow.monitoring WHERE expires_at > now()`,
  );
  return rows[0]?.digest ?? '';
}

/** Which entries of the audit to list; newest first. */
export interface AuditFilter {
  userId?: string | undefined;
  action?: AuditAction | undefined;
  fromTs?: number | undefined;
  toTs?: number | undefined;
  /** Entries before this one. */
  beforeId?: number | undefined;
  limit: number;
}

export async function listAudit(pool: Pool, filter: AuditFilter): Promise<AuditEntry[]> {
  const where = createWhere();
  if (filter.userId !== undefined) where.and(`user_id = ${where.bind(filter.userId)}`);
  if (filter.action !== undefined) where.and(`action = ${where.bind(filter.action)}`);
  if (filter.fromTs !== undefined) where.and(`at >= ${where.bindTime(filter.fromTs)}`);
  if (filter.toTs !== undefined) where.and(`at <= ${where.bindTime(filter.toTs)}`);
  if (filter.beforeId !== undefined) where.and(`id < ${where.bind(filter.beforeId)}`);
  const { rows } = await pool.query<AuditEntry>(
    `SELECT id::float8, ${epochMs('at')} AS ts, action, user_id, actor, ${epochMs('expires_at')} AS expires_ts, reason
FROM flow.monitoring_audit ${where.sql} ORDER BY id DESC LIMIT ${where.bind(filter.limit)}`,
    where.values,
  );
  return rows;
}
