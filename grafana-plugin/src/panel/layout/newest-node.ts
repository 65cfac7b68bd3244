import { NONE, type Forest } from './forest';

/**
 * The node that an operator wants to see: the newest child of a parent that runs, else the newest that runs, else the
 * newest.
 *
 * @returns NONE when there is none
 */
export function newestNode(forest: Forest): number {
  let best = NONE;
  let bestRank = -1;
  let bestTs = -Infinity;
  for (let index = 0; index < forest.size; index++) {
    const node = forest.nodes.list[index];
    if (node === undefined) continue;
    const parent = forest.nodes.list[forest.parentOf(index)];
    const rank = parent?.status === 'running' ? 2 : node.status === 'running' ? 1 : 0;
    if (rank < bestRank || (rank === bestRank && node.startedTs < bestTs)) continue;
    best = index;
    bestRank = rank;
    bestTs = node.startedTs;
  }
  return best;
}
