import { messageOf } from '../errors';
import { pingPostgres, type Pool } from '../platform/postgres/pool';

/** A server that hangs answers nothing; whoever asks for readiness wants to know now. */
const DEADLINE_MS = 2_500;

/** For each server that the bridge needs, the reason that it can not be used, or undefined. */
export type Readiness = Record<string, string | undefined>;

/** Without it history can not be read; live flows go on, and history is written. */
const REPLICA = 'postgres_replica';

/** True when the bridge can do its work. */
export function isReady(readiness: Readiness): boolean {
  return Object.entries(readiness).every(([server, reason]) => reason === undefined || server === REPLICA);
}

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    await Promise.race([work, deadline]);
    return undefined;
  } catch (error) {
    return messageOf(error) || 'not reachable';
  } finally {
    clearTimeout(timer);
  }
}

/** Asks Redis and Postgres whether they answer. */
export function createReadinessCheck(options: {
  pool: Pool;
  replica: Pool | undefined;
  redis: { ping(): Promise<unknown> };
}): () => Promise<Readiness> {
  const { pool, replica, redis } = options;
  return async () => {
    const [ofPostgres, ofRedis, ofReplica] = await Promise.all([
      reasonOf(pingPostgres(pool)),
      reasonOf(redis.ping()),
      replica && reasonOf(pingPostgres(replica)),
    ]);
    return { postgres: ofPostgres, redis: ofRedis, ...(replica !== undefined && { [REPLICA]: ofReplica }) };
  };
}
