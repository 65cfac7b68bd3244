import { NONE, type Forest } from './forest';

/** What an operator wants to see of a flow that runs. */
export interface FollowTarget {
  /**
   * The newest child of a running parent, else the newest node that runs, else the newest of all; NONE of an empty flow.
   * Takes in what is new: O(changed + running).
   */
  read(): number;
}

export function createFollowTarget(forest: Forest): FollowTarget {
  const { list, journal } = forest.nodes;
  const running = new Set<number>();
  let newest = NONE;
  let known = 0;
  const startedTs = (index: number): number => list[index]?.startedTs ?? -Infinity;
  const later = (a: number, b: number): number => (a === NONE || startedTs(b) >= startedTs(a) ? b : a);
  return {
    read() {
      for (; known < journal.length; known++) {
        const index = journal[known] ?? NONE;
        if (list[index]?.status === 'running') running.add(index);
        else running.delete(index);
        newest = later(newest, index);
      }
      let child = NONE;
      let runner = NONE;
      for (const index of running) {
        runner = later(runner, index);
        const last = forest.lastChildOf(index);
        if (last !== NONE) child = later(child, last);
      }
      if (child !== NONE) return child;
      return runner === NONE ? newest : runner;
    },
  };
}
