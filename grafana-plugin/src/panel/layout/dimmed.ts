import type { Folds } from './folds';
import type { Matches } from './matches';

/** Whether a node is dimmed as it is shown: one that stands for others is not while one of them is looked for. */
export function isDimmedAt(folds: Folds, matches: Matches, index: number): boolean {
  if (!matches.isDimmed(index)) return false;
  const group = folds.closedAt(index);
  return !group?.members.some((member) => matches.has(member));
}
