import { messageOf } from '../errors';
import { pingPostgres, type Pool } from '../platform/postgres/pool';

/** A server that hangs answers nothing; whoever asks for readiness wants to know now. */
const DEADLINE_MS = 2_500;

/** For each thing that the bridge needs, the reason that it can not do its work, or undefined. */
export type Readiness = Record<string, string | undefined>;

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
  redis: { ping(): Promise<unknown> };
}): () => Promise<Readiness> {
  return async () => {
    const [postgres, redis] = await Promise.all([
      reasonOf(pingPostgres(options.pool)),
      reasonOf(options.redis.ping()),
    ]);
    return { postgres, redis };
  };
}
