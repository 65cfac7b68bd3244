import { NONE, type Forest } from '../../layout/forest';

/** What a key does in a tree: it leads to a node, or opens or collapses the one that has the focus. */
export type KeyEffect = { readonly go: number } | { readonly toggle: number };

/** The last node below this one that is shown, or itself. */
function lastBelow(forest: Forest, index: number, isCollapsed: (index: number) => boolean): number {
  let last = index;
  while (!isCollapsed(last) && forest.lastChildOf(last) !== NONE) last = forest.lastChildOf(last);
  return last;
}

function after(forest: Forest, index: number, isCollapsed: (index: number) => boolean): number {
  if (!isCollapsed(index) && forest.firstChildOf(index) !== NONE) return forest.firstChildOf(index);
  let at = index;
  while (at !== NONE && forest.nextSiblingOf(at) === NONE) at = forest.parentOf(at);
  return at === NONE ? NONE : forest.nextSiblingOf(at);
}

function before(forest: Forest, index: number, isCollapsed: (index: number) => boolean): number {
  const previous = forest.previousSiblingOf(index);
  return previous === NONE ? forest.parentOf(index) : lastBelow(forest, previous, isCollapsed);
}

/**
 * As in the WAI-ARIA tree pattern: up and down walk the shown nodes in order, left collapses or leads to the parent, right
 * opens or leads to the first child. Since roots stand in a row, left and right lead along it where there is nothing to do.
 */
export function keyEffect(
  forest: Forest,
  index: number,
  key: string,
  isCollapsed: (index: number) => boolean,
): KeyEffect | null {
  const go = (to: number): KeyEffect | null => (to === NONE ? null : { go: to });
  const isParent = forest.firstChildOf(index) !== NONE;
  const isRoot = forest.parentOf(index) === NONE;
  switch (key) {
    case 'ArrowDown':
      return go(after(forest, index, isCollapsed));
    case 'ArrowUp':
      return go(before(forest, index, isCollapsed));
    case 'ArrowLeft':
      if (isParent && !isCollapsed(index)) return { toggle: index };
      return go(isRoot ? forest.previousSiblingOf(index) : forest.parentOf(index));
    case 'ArrowRight':
      if (isParent) return isCollapsed(index) ? { toggle: index } : go(forest.firstChildOf(index));
      return isRoot ? go(forest.nextSiblingOf(index)) : null;
    case 'Home':
      return go(forest.firstRoot);
    case 'End':
      return forest.lastRoot === NONE ? null : go(lastBelow(forest, forest.lastRoot, isCollapsed));
    default:
      return null;
  }
}
