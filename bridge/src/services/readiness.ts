import type { Pool } from '../adapters/postgres';
import { messageOf } from '../errors';
import type { CurrentFailure, FailingWork } from './failures';

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
      reasonOf(options.pool.query('SELECT 1')),
      reasonOf(options.redis.ping()),
    ]);
    return { postgres, redis };
  };
}

/** Works without which history stands still, or nobody can tell. */
const OF_HISTORY: ReadonlySet<FailingWork> = new Set(['history_write', 'stream_measure']);

/** Since when history has not been whole, epoch ms; undefined: it is. */
export function historyFailingSince(failures: Iterable<CurrentFailure>): number | undefined {
  const since = [...failures].filter(({ work }) => OF_HISTORY.has(work)).map(({ sinceTs }) => sinceTs);
  return since.length === 0 ? undefined : Math.min(...since);
}

/**
 * What keeps history from being whole, or undefined. It makes no bridge unready: every bridge has the same streams, so a
 * load balancer would take all of them away, together with live frames and the history that is there.
 */
export function historyProblem(failures: Iterable<CurrentFailure>, now: () => number = Date.now): string | undefined {
  const problems = [...failures]
    .filter(({ work }) => OF_HISTORY.has(work))
    .map(({ work, partition, reason, sinceTs }) => {
      const forS = Math.round((now() - sinceTs) / 1_000);
      return `partition ${partition ?? '?'}: ${work} fails with ${reason} for ${forS} s`;
    });
  return problems.length === 0 ? undefined : problems.sort().join('; ');
}
