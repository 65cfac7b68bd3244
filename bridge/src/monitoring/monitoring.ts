import type { AuditPage, MonitoringGrant } from '@flow-tracking/protocol';
import { BridgeError, messageOf } from '../errors';
import { decodeCursor, encodeCursor } from '../http/cursor';
import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import { createGrantsRepair } from './grants-repair';
import {
  deleteExpiredGrants,
  deleteGrant,
  digestGrants,
  listAudit,
  listGrants,
  saveGrant,
  type AuditFilter,
  type Change,
} from './grants-store';
import type { MonitoringProjection } from './projection';

export type { Change } from './grants-store';

/** How often the grants are read again: other bridges change them too, and a lost Pub/Sub message must not matter. */
const REFRESH_MS = 10_000;
const MS_PER_HOUR = 3_600_000;
const TIMER_MAX_MS = 2 ** 31 - 1;
/** Expired grants that one transaction takes away. */
const EXPIRE_AT_ONCE = 5_000;
/** Users that one line of the log names. */
const NAMED_USERS = 5;

/** Whose flows are published live. Truth is Postgres; Redis has a projection; `get` answers from memory. */
export interface MonitoringService {
  /** Reads the grants, or goes on trying to; call `rebuild` as soon as Redis is there. */
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
  /** Compares the projection with the grants and repairs it; after Redis was away, since it may have lost its data. */
  rebuild(): Promise<void>;
  /** Reads the grants again, after another bridge has changed one. Never rejects. */
  refresh(): Promise<void>;
  /** Calls `listener` for every user whose grant began, moved or ended, whoever changed it. */
  onChange(listener: (userId: string, grant: MonitoringGrant | undefined) => void): void;
}

export function createMonitoringService(options: {
  pool: Pool;
  projection: MonitoringProjection;
  failures: Failures;
  logger: Logger;
}): MonitoringService {
  const { pool, projection, failures, logger } = options;
  let grants = new Map<string, MonitoringGrant>();
  const listeners: ((userId: string, grant: MonitoringGrant | undefined) => void)[] = [];
  let refreshTimer: NodeJS.Timeout | undefined;
  let expiryTimer: NodeJS.Timeout | undefined;
  let stopped = false;
  /** Changes made here: what was being read meanwhile may lack them. */
  let changes = 0;
  /** Of the grants that were read last. */
  let knownDigest: string | undefined;

  const tell = (userId: string, before: MonitoringGrant | undefined, after: MonitoringGrant | undefined): void => {
    if (before?.expires_ts === after?.expires_ts) return;
    for (const listener of listeners) listener(userId, after);
  };

  const adopt = (next: Map<string, MonitoringGrant>): void => {
    const before = grants;
    grants = next;
    for (const [userId, grant] of next) tell(userId, before.get(userId), grant);
    for (const [userId, grant] of before) if (!next.has(userId)) tell(userId, grant, undefined);
    scheduleExpiry();
  };

  const change = (userId: string, grant: MonitoringGrant | undefined): void => {
    const before = grants.get(userId);
    changes += 1;
    if (grant === undefined) grants.delete(userId);
    else grants.set(userId, grant);
    tell(userId, before, grant);
    scheduleExpiry();
  };

  const scheduleExpiry = (): void => {
    clearTimeout(expiryTimer);
    if (stopped || grants.size === 0) return;
    let soonest = Infinity;
    for (const grant of grants.values()) soonest = Math.min(soonest, grant.expires_ts);
    const waitMs = Math.min(Math.max(soonest - Date.now(), 0) + 5, TIMER_MAX_MS);
    expiryTimer = setTimeout(() => void expire(), waitMs);
  };

  /** The grants as they are saved; undefined when they can not be read now. */
  const read = async (): Promise<ReadonlyMap<string, MonitoringGrant> | undefined> => {
    try {
      for (;;) {
        const before = changes;
        // Before the grants: what changes between the two looks is seen at the next one.
        const digest = await digestGrants(pool);
        const rows = digest === knownDigest ? undefined : await listGrants(pool);
        if (changes !== before) continue;
        if (rows !== undefined) adopt(new Map(rows.map((grant) => [grant.user_id, grant])));
        knownDigest = digest;
        failures.succeeded({ work: 'grants_read' });
        return grants;
      }
    } catch (error) {
      if (!stopped) failures.failed({ work: 'grants_read' }, error);
      return undefined;
    }
  };
  const repair = createGrantsRepair({ projection, readGrants: read, failures });

  const expire = async (): Promise<void> => {
    const now = Date.now();
    for (const [userId, grant] of grants) {
      if (grant.expires_ts > now) continue;
      grants.delete(userId);
      tell(userId, grant, undefined);
    }
    scheduleExpiry();
    try {
      for (let more = true; more;) {
        const users = (await deleteExpiredGrants(pool, EXPIRE_AT_ONCE)).map((grant) => grant.user_id);
        more = users.length === EXPIRE_AT_ONCE;
        if (users.length === 0) return;
        logger.info({ count: users.length, users: users.slice(0, NAMED_USERS) }, 'Monitoring expired');
        await projection.remove(users).catch(repair.failed);
      }
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
      repair.failed(error);
      throw new BridgeError(
        'redis_unavailable',
        503,
        'The change is saved and takes effect as soon as Redis can be reached again and takes it',
        { cause: error },
      );
    }
  };

  const service: MonitoringService = {
    async start() {
      await read();
      void expire();
      refreshTimer = setInterval(() => void expire().then(() => repair.check()), REFRESH_MS);
    },
    stop() {
      stopped = true;
      repair.stop();
      clearInterval(refreshTimer);
      clearTimeout(expiryTimer);
    },
    async enable(userId, ttlHours, by) {
      const grant = await saveGrant(pool, { userId, expiresTs: Date.now() + ttlHours * MS_PER_HOUR, ...by });
      change(userId, grant);
      logger.info({ user: userId, expires: new Date(grant.expires_ts).toISOString(), ...by }, 'Monitoring enabled');
      await project(projection.set(grant));
      return grant;
    },
    async disable(userId, by) {
      const disabled = await deleteGrant(pool, userId, by);
      change(userId, undefined);
      if (disabled) logger.info({ user: userId, ...by }, 'Monitoring disabled');
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
    async refresh() {
      await read();
    },
    rebuild: () => repair.check(),
    onChange(listener) {
      listeners.push(listener);
    },
  };
  return service;
}
