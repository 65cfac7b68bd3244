import type { Check, MonitoringGrant } from '@flow-tracking/protocol';
import { fail, makeCheck, ok, skip, warn } from './check';
import type { RedisInspection } from './redis-inspection';

export interface GrantCheckSources {
  /** A grant in force, as this bridge knows it. */
  grantOf: (userId: string) => MonitoringGrant | undefined;
  redis: Pick<RedisInspection, 'projectedExpiry'>;
}

/** Whether one user is monitored, and whether the applications know. @param canAskRedis whether Redis answers */
export function checkGrant(
  { grantOf, redis }: GrantCheckSources,
  userId: string,
  canAskRedis: boolean,
): Promise<Check> {
  return makeCheck({
    id: 'monitoring',
    title: 'Monitoring of the user',
    fix: 'See the check "redis_reachable"',
    async look() {
      const grant = grantOf(userId);
      if (grant === undefined) {
        return warn(
          `${JSON.stringify(userId)} is not monitored: their flows are in history, and not live`,
          'Switch monitoring on for them; ids are compared byte by byte, with upper and lower case',
        );
      }
      const until = new Date(grant.expires_ts).toISOString();
      if (!canAskRedis) return skip(`On until ${until}; Redis, from which applications know it, does not answer`);
      const projected = await redis.projectedExpiry(userId);
      if (projected === grant.expires_ts) return ok(`On until ${until}, and the applications know`);
      return fail(
        `On until ${until}, but Redis tells the applications ${projected === null ? 'nothing of it' : 'another time'}`,
        'The bridge repairs this within a minute; if it stays, its Redis user may not write (ACL, or Redis is full)',
      );
    },
  });
}
