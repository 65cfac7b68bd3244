import type { MonitoringGrant } from '@flow-tracking/protocol';
import type { Failures } from '../platform/failures';
import type { MonitoringProjection } from './projection';

/** After a repair the check is made anew: another bridge may have changed what was repaired. Then the next check goes on. */
const MAX_ROUNDS = 3;

const PLACE = { work: 'grants_projection' } as const;

type Grants = ReadonlyMap<string, MonitoringGrant>;

/** Keeps the projection of the grants in Redis as the grants are. */
export interface GrantsRepair {
  /** Reads the grants again, compares the projection with them and repairs it. Never rejects: failures are told. */
  check(): Promise<void>;
  /** Tells that Redis has refused a change, or was away. */
  failed: (error: unknown) => void;
  /** Whatever fails from now on fails since Redis is left. */
  stop(): void;
}

/** What the projection lacks or has wrong, and what it has too much. */
function compare(
  projected: ReadonlyMap<string, number>,
  grants: Grants,
): { wrong: MonitoringGrant[]; extra: string[] } {
  const wrong: MonitoringGrant[] = [];
  const extra: string[] = [];
  for (const grant of grants.values()) if (projected.get(grant.user_id) !== grant.expires_ts) wrong.push(grant);
  for (const userId of projected.keys()) if (!grants.has(userId)) extra.push(userId);
  return { wrong, extra };
}

/**
 * Every change is saved before it is projected. So the projection is read first and the grants after it: whatever
 * differs was either changed meanwhile, and writing the same twice does no harm, or is wrong.
 *
 * @param options.readGrants reads the grants in force; undefined when they can not be read now
 */
export function createGrantsRepair(options: {
  projection: MonitoringProjection;
  readGrants: () => Promise<Grants | undefined>;
  failures: Failures;
}): GrantsRepair {
  const { projection, readGrants, failures } = options;
  /** Middlewares do not know yet of what was repaired. */
  let isUntold = false;
  let running: Promise<void> | undefined;
  let again = false;
  let isStopped = false;

  const failed = (error: unknown): undefined => {
    if (!isStopped) failures.failed(PLACE, error);
  };

  /** True when nothing is left to do. */
  const round = async (): Promise<boolean> => {
    const projected = await projection.read().catch(failed);
    const grants = await readGrants();
    if (projected === undefined || grants === undefined) return true;
    const { wrong, extra } = compare(projected, grants);
    const isRight = wrong.length === 0 && extra.length === 0;
    try {
      if (!isRight) {
        isUntold = true;
        await projection.write(wrong, extra);
      }
      if (isUntold) await projection.announce();
      isUntold = false;
    } catch (error) {
      failed(error);
      return true;
    }
    if (isRight) failures.succeeded(PLACE);
    return isRight;
  };

  const run = async (): Promise<void> => {
    do {
      again = false;
      for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) if (await round()) break;
    } while (again && !isStopped);
  };

  return {
    check() {
      again = running !== undefined;
      running ??= run().finally(() => (running = undefined));
      return running;
    },
    failed,
    stop() {
      isStopped = true;
    },
  };
}
