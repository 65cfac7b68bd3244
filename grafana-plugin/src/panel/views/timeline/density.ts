import type { FlowNodes } from '../../../frames/flow-nodes';
import { beginOf, endOf } from '../../layout/node-span';
import type { TimeScale } from './time-scale';

/** How many of a group's nodes there are at each px of a track. */
export interface Density {
  readonly all: Int32Array;
  readonly failed: Int32Array;
  /** Those on the critical path. */
  readonly critical: Int32Array;
  readonly most: number;
  /** Of all of them, px; may lie outside of the track. */
  readonly fromPx: number;
  readonly toPx: number;
}

/**
 * Counts nodes by px, each at least one px wide: O(nodes + px), so that 100,000 of them are one strip.
 *
 * @param nowTs epoch ms, for those that run
 */
export function densityOf(
  { list }: Pick<FlowNodes, 'list'>,
  members: readonly number[],
  flowStartedTs: number,
  scale: Pick<TimeScale, 'toPx' | 'cellPx'>,
  nowTs: number,
  onPath: ReadonlySet<number>,
): Density {
  const width = Math.max(1, Math.ceil(scale.cellPx));
  const [all, failed, critical] = [0, 1, 2].map(() => new Int32Array(width + 1)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const count = (counts: Int32Array, first: number, end: number): void => {
    counts[first] = (counts[first] ?? 0) + 1;
    counts[end] = (counts[end] ?? 0) - 1;
  };
  let [fromPx, toPx] = [Infinity, -Infinity];
  for (const index of members) {
    const node = list[index];
    if (node === undefined) continue;
    const from = scale.toPx(beginOf(node) - flowStartedTs);
    const to = Math.max(from + 1, scale.toPx(endOf(node, nowTs) - flowStartedTs));
    fromPx = Math.min(fromPx, from);
    toPx = Math.max(toPx, to);
    if (to <= 0 || from >= width) continue;
    const first = Math.max(0, Math.floor(from));
    const end = Math.min(width, Math.max(first + 1, Math.round(to)));
    count(all, first, end);
    if (node.status === 'error') count(failed, first, end);
    if (onPath.has(index)) count(critical, first, end);
  }
  let most = 0;
  for (const counts of [all, failed, critical]) {
    for (let px = 1; px < width; px++) counts[px] = (counts[px] ?? 0) + (counts[px - 1] ?? 0);
  }
  for (const at of all) most = Math.max(most, at);
  const [allPx, failedPx, criticalPx] = [all, failed, critical].map((counts) => counts.subarray(0, width));
  return { all: allPx ?? all, failed: failedPx ?? failed, critical: criticalPx ?? critical, most, fromPx, toPx };
}
