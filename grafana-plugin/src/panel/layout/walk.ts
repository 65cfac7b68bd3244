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

/**
 * Visits nodes depth first; a root's depth is 0. What is below a node that `isShut` is left out, and a node that `isAway`
 * with all below it.
 */
export function walk(
  forest: Forest,
  visit: (index: number, depth: number) => void,
  isShut: (index: number) => boolean = () => false,
  isAway: (index: number) => boolean = () => false,
): void {
  let depth = 0;
  let index = forest.firstRoot;
  while (index !== NONE) {
    const isHere = !isAway(index);
    if (isHere) visit(index, depth);
    const child = !isHere || isShut(index) ? NONE : forest.firstChildOf(index);
    if (child !== NONE) {
      index = child;
      depth++;
      continue;
    }
    let next = forest.nextSiblingOf(index);
    while (next === NONE && depth > 0) {
      index = forest.parentOf(index);
      depth--;
      next = forest.nextSiblingOf(index);
    }
    index = next;
  }
}
