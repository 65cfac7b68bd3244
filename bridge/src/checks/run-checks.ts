import type { Check, CheckList } from '@flow-tracking/protocol';
import { BridgeError } from '../errors';
import { checkBridge, type BridgeCheckSources } from './bridge-checks';
import { createFlowCheck, type FlowCheckSources } from './flow-checks';
import { checkGrant, type GrantCheckSources } from './grant-check';
import { checkPostgresChain, type PostgresCheckSources } from './postgres-checks';
import { checkRedisChain, type RedisCheckSources } from './redis-checks';

/** By then whoever runs checks is done. */
const RETRY_AFTER_S = 2;

export type CheckSources = RedisCheckSources &
  PostgresCheckSources &
  BridgeCheckSources &
  GrantCheckSources &
  FlowCheckSources;

/** What to look at beside the chain. */
export interface CheckQuery {
  /** Whose monitoring is looked at, too. */
  user?: string | undefined;
  /** Whether the flow that is sent stays in history. */
  keepFlow: boolean;
}

export type RunChecks = (query: CheckQuery) => Promise<CheckList>;

/**
 * Looks at everything that a flow passes, in its order, in 10 s at most. A step that fails stops none that can still be
 * looked at.
 *
 * @returns rejects with {@link BridgeError} `busy` while others run: one run at a time, as each sends a flow
 */
export function createChecks(sources: CheckSources): RunChecks {
  const sendFlow = createFlowCheck(sources);
  let isRunning = false;

  const run = async ({ user, keepFlow }: CheckQuery): Promise<CheckList> => {
    const [redis, postgres, bridge] = await Promise.all([
      checkRedisChain(sources),
      checkPostgresChain(sources),
      checkBridge(sources),
    ]);
    const canAskRedis = isReachable(redis);
    const [grant, flow] = await Promise.all([
      user === undefined ? undefined : checkGrant(sources, user, canAskRedis),
      sendFlow({ canAskRedis, canAskPostgres: isReachable(postgres), keeps: keepFlow }),
    ]);
    const checks = [...redis, ...postgres, ...bridge, ...(grant === undefined ? [] : [grant]), ...flow.checks];
    return { checks, flow_id: flow.flowId };
  };

  return async (query) => {
    if (isRunning) {
      throw new BridgeError('busy', 503, 'Checks are being run; try again in a moment', { retryAfterS: RETRY_AFTER_S });
    }
    isRunning = true;
    try {
      return await run(query);
    } finally {
      isRunning = false;
    }
  };
}

const isReachable = ([first]: readonly Check[]): boolean => first?.status !== 'fail';
