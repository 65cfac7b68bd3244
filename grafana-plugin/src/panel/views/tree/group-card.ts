import { failedText, groupTitle, runningText } from '../../group-text';
import { groupStatus, type GroupSummary } from '../../layout/fold-group';
import type { TreeLayout } from '../../layout/tree-layout';
import type { Looks } from '../../looks';
import type { PanelNode } from '../../../frames/panel-flow';

/** How far the cards behind a group's card stick out, px at 100 %. */
export const STACKED = 8;

/** Of a node as it is drawn, which may stand for a group. */
export function statusAt(layout: TreeLayout, index: number): PanelNode['status'] | undefined {
  const group = layout.folds.closedAt(index)?.summary();
  return group === undefined ? layout.forest.nodes.list[index]?.status : groupStatus(group);
}

/** What the card of a group says, by its places. */
export interface GroupWords {
  readonly title: string;
  /** Right of the title: the median. */
  readonly typical: string;
  readonly name: string;
  /** The second line may be too short for the first of these; then the next is taken. */
  readonly running: readonly string[];
  readonly failed: string;
  /** Right of all that: the longest. */
  readonly longest: string;
}

export function groupWords(group: GroupSummary, { duration, noDuration }: Looks): GroupWords {
  const { name, p50Ms, maxMs } = group;
  return {
    title: groupTitle(group),
    typical: p50Ms === null ? noDuration : duration(p50Ms),
    name,
    running: group.running === 0 ? [] : [runningText(group), runningText(group, true)],
    failed: failedText(group),
    longest: maxMs === null ? '' : `≤ ${duration(maxMs)}`,
  };
}
