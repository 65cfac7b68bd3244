import { NONE, type Forest } from './forest';

/** The node that follows in depth-first order, collapsed or not; NONE behind the last one. */
export function nextInOrder(forest: Forest, index: number): number {
  const child = forest.firstChildOf(index);
  if (child !== NONE) return child;
  for (let at = index; at !== NONE; at = forest.parentOf(at)) {
    const next = forest.nextSiblingOf(at);
    if (next !== NONE) return next;
  }
  return NONE;
}
