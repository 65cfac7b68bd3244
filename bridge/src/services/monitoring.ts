import type { AuditPage, MonitoringGrant } from '@flow-tracking/protocol';
import type { Logger } from '../adapters/logger';
import type { Pool } from '../adapters/postgres';
import type { MonitoringProjection } from '../adapters/redis-monitoring';
import { BridgeError, messageOf } from '../errors';
import {
  deleteExpiredGrants,
  deleteGrant,
  listAudit,
  listGrants,
  saveGrant,
  type AuditFilter,
  type Change,
} from '../stores/monitoring';
import { decodeCursor, encodeCursor } from './cursor';

export type { Change } from '../stores/monitoring';

/** How often the grants are read again: other bridges change them too, and a lost Pub/Sub message must not matter. */
const REFRESH_MS = 10_000;
const MS_PER_HOUR = 3_600_000;
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Whose flows are published live. Truth is Postgres; Redis has a projection; `get` answers from memory. */
export interface MonitoringService {
  /** Reads the grants; call `rebuild` as soon as Redis is there. */
  start(): Promise<void>;
  stop(): void;
  enable(userId: string, ttlHours: number, change: Change): Promise<MonitoringGrant>;
  disable(userId: string, change: Change): Promise<boolean>;
  list(): Promise<MonitoringGrant[]>;
  /** What was done, newest first. */
  audit(query: Omit<AuditFilter, 'beforeId'> & { cursor?: string | undefined }): Promise<AuditPage>;
  /** The user's grant in force, from memory. */
  get(userId: string): MonitoringGrant | undefined;
  /** All users with a grant in force, from memory. */
  users(): string[];
  /** Reads the grants again and projects all of them; after Redis was away, since it may have lost its data. */
  rebuild(): Promise<void>;
  /** Reads the grants again, after another bridge has changed one. */
  refresh(): Promise<void>;
  /** Calls `listener` for every user whose grant began, moved or ended, whoever changed it. */
  onChange(listener: (userId: string, grant: MonitoringGrant | undefined) => void): void;
}

type Grants = ReadonlyMap<string, MonitoringGrant>;

const areSame = (a: Grants, b: Grants): boolean =>
  a.size === b.size && [...a].every(([userId, { expires_ts }]) => b.get(userId)?.expires_ts === expires_ts);

export function createMonitoringService(options: {
  pool: Pool;
  projection: MonitoringProjection;
  logger: Logger;
}): MonitoringService {
  const { pool, projection, logger } = options;
  let grants = new Map<string, MonitoringGrant>();
  const listeners: ((userId: string, grant: MonitoringGrant | undefined) => void)[] = [];
  let refreshTimer: NodeJS.Timeout | undefined;
  let expiryTimer: NodeJS.Timeout | undefined;
  let stopped = false;
  /** Changes made here: what was being read meanwhile may lack them. */
  let changes = 0;

  const adopt = (next: Map<string, MonitoringGrant>): void => {
    const before = grants;
    grants = next;
    for (const userId of new Set([...before.keys(), ...next.keys()])) {
      const grant = next.get(userId);
      if (grant?.expires_ts === before.get(userId)?.expires_ts) continue;
      for (const listener of listeners) listener(userId, grant);
    }
    scheduleExpiry();
  };

  const scheduleExpiry = (): void => {
    clearTimeout(expiryTimer);
    if (stopped || grants.size === 0) return;
    const soonest = Math.min(...[...grants.values()].map((grant) => grant.expires_ts));
    const waitMs = Math.min(Math.max(soonest - Date.now(), 0) + 5, TIMER_MAX_MS);
    expiryTimer = setTimeout(() => void expire(), waitMs);
  };

  const refresh = async (): Promise<void> => {
    for (;;) {
      const before = changes;
      const rows = await listGrants(pool);
      if (changes !== before) continue;
      adopt(new Map(rows.map((grant) => [grant.user_id, grant])));
      return;
    }
  };

  const expire = async (): Promise<void> => {
    const now = Date.now();
    adopt(new Map([...grants].filter(([, grant]) => grant.expires_ts > now)));
    try {
      const expired = await deleteExpiredGrants(pool);
      if (expired.length === 0) return;
      const users = expired.map((grant) => grant.user_id);
      logger.info({ users }, 'Monitoring expired');
      await projection.remove(users);
    } catch (error) {
      // Every reader checks the expiry itself, so this is only tidying: the next expiry or refresh does it.
      logger.warn({ reason: messageOf(error) }, 'Expired grants not removed yet');
    }
  };

  /** Tells the middlewares; the grant itself is saved by now, so a failure only says "not yet". */
  const project = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      throw new BridgeError(
        'redis_unavailable',
        503,
        'The change is saved and takes effect as soon as Redis can be reached again',
        { cause: error },
      );
    }
  };

  const service: MonitoringService = {
    async start() {
      await expire();
      await refresh();
      const tick = async (): Promise<void> => {
        await expire();
        await refresh();
      };
      refreshTimer = setInterval(() => {
        tick().catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'Grants not read'));
      }, REFRESH_MS);
    },
    stop() {
      stopped = true;
      clearInterval(refreshTimer);
      clearTimeout(expiryTimer);
    },
    async enable(userId, ttlHours, change) {
      const grant = await saveGrant(pool, { userId, expiresTs: Date.now() + ttlHours * MS_PER_HOUR, ...change });
      changes += 1;
      adopt(new Map(grants).set(userId, grant));
      logger.info({ user: userId, expires: new Date(grant.expires_ts).toISOString(), ...change }, 'Monitoring enabled');
      await project(projection.set(grant));
      return grant;
    },
    async disable(userId, change) {
      const disabled = await deleteGrant(pool, userId, change);
      const next = new Map(grants);
      next.delete(userId);
      changes += 1;
      adopt(next);
      if (disabled) logger.info({ user: userId, ...change }, 'Monitoring disabled');
      await project(projection.remove([userId]));
      return disabled;
    },
    list: () => listGrants(pool),
    async audit({ cursor, ...filter }) {
      const isId = (position: readonly unknown[]): position is [number] => Number.isSafeInteger(position[0]);
      const beforeId = cursor === undefined ? undefined : decodeCursor(cursor, isId)[0];
      const entries = await listAudit(pool, { ...filter, beforeId, limit: filter.limit + 1 });
      const page = entries.slice(0, filter.limit);
      const last = page.at(-1);
      return { entries: page, next_cursor: entries.length > page.length && last ? encodeCursor([last.id]) : null };
    },
    get(userId) {
      const grant = grants.get(userId);
      return grant !== undefined && grant.expires_ts > Date.now() ? grant : undefined;
    },
    users: () => [...grants.keys()],
    refresh,
    async rebuild() {
      await refresh();
      for (;;) {
        const projected = grants;
        await projection.replace([...projected.values()]);
        // A grant that any bridge saved after it was read here, and projected before all was replaced, is lost by that.
        await refresh();
        if (areSame(projected, grants)) return;
      }
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
  return service;
}
