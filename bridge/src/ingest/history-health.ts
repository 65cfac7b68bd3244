import type { CurrentFailure, FailingWork } from '../platform/failures';

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
