import { NONE, type Forest } from './forest';
import { beginOf, endOf } from './node-span';

interface Stretch {
  readonly index: number;
  readonly beginTs: number;
  readonly endTs: number;
}

/** Clocks tell whole milliseconds and durations do not: what follows may seem to begin before what it waited for ended. */
const CLOCK_STEP_MS = 1;

/** Later ends first; of those that end at once, the one that began later. */
const byEnd = (a: Stretch, b: Stretch): number => b.endTs - a.endTs || b.beginTs - a.beginTs || b.index - a.index;

/**
 * The nodes that the flow's end waited for: of siblings the one that ended last, before it the one that ended last before
 * that one began, and so on; within each of them its children likewise. What a child does after its parent's end counts
 * for nothing, as in Jaeger's critical path.
 *
 * @returns indices of nodes; O(n log n), iterative
 */
export function criticalPath(forest: Forest): ReadonlySet<number> {
  const path = new Set<number>();
  const open: { firstChild: number; endTs: number }[] = [{ firstChild: forest.firstRoot, endTs: Infinity }];
  for (let siblings = open.pop(); siblings !== undefined; siblings = open.pop()) {
    const stretches: Stretch[] = [];
    for (let index = siblings.firstChild; index !== NONE; index = forest.nextSiblingOf(index)) {
      const node = forest.nodes.list[index];
      if (node === undefined) continue;
      const beginTs = beginOf(node);
      const endTs = Math.min(endOf(node, Infinity), siblings.endTs);
      if (beginTs <= endTs) stretches.push({ index, beginTs, endTs });
    }
    stretches.sort(byEnd);
    let beforeTs = Infinity;
    for (const { index, beginTs, endTs } of stretches) {
      if (endTs > beforeTs + CLOCK_STEP_MS) continue;
      path.add(index);
      beforeTs = beginTs;
      const firstChild = forest.firstChildOf(index);
      if (firstChild !== NONE) open.push({ firstChild, endTs });
    }
  }
  return path;
}
