import type { Folds } from '../../layout/folds';
import { NONE } from '../../layout/forest';
import type { TreeDirection } from '../../options';
import { commandOf } from '../../state/key-table';

/** What a key does in a tree: it leads to a node, or opens or closes the one that has the focus, or its group. */
export type KeyEffect = { readonly go: number } | { readonly toggle: number } | { readonly fold: number };

/** A tree as it is shown. */
interface Shown {
  /** Whether children of it are shown. */
  readonly isOpen: (index: number) => boolean;
  readonly isCollapsed: (index: number) => boolean;
  readonly firstBelow: (index: number) => number;
  readonly lastBelow: (index: number) => number;
  readonly next: (index: number) => number;
  readonly previous: (index: number) => number;
}

function shownTree(folds: Folds, isCollapsed: (index: number) => boolean): Shown {
  const { forest } = folds;
  const skip = (from: number, step: (index: number) => number): number => {
    let at = from;
    while (at !== NONE && folds.isAway(at)) at = step(at);
    return at;
  };
  const next = (index: number): number => forest.nextSiblingOf(index);
  const previous = (index: number): number => forest.previousSiblingOf(index);
  const isParent = (index: number): boolean => folds.closedAt(index) === null && forest.firstChildOf(index) !== NONE;
  return {
    isOpen: (index) => isParent(index) && !isCollapsed(index),
    isCollapsed: (index) => isParent(index) && isCollapsed(index),
    firstBelow: (index) => skip(forest.firstChildOf(index), next),
    lastBelow: (index) => skip(forest.lastChildOf(index), previous),
    next: (index) => skip(forest.nextSiblingOf(index), next),
    previous: (index) => skip(forest.previousSiblingOf(index), previous),
  };
}

/**
 * As in the WAI-ARIA tree pattern: up and down walk the shown nodes in order, left collapses or leads to the parent, right
 * opens or leads to the first child. Since roots stand in a row, left and right lead along it where there is nothing to do.
 * Top-down, left and right walk the nodes of one root, and up and down lead along the roots. A group of equal siblings opens
 * as a collapsed node does, and closes at its first node.
 */
export function keyEffect(
  folds: Folds,
  direction: TreeDirection,
  index: number,
  key: string,
  isCollapsed: (index: number) => boolean,
): KeyEffect | null {
  const { forest } = folds;
  const shown = shownTree(folds, isCollapsed);
  const go = (to: number): KeyEffect | null => (to === NONE ? null : { go: to });
  const isRoot = forest.parentOf(index) === NONE;
  const isDown = direction === 'down';
  const lastWithin = (top: number): number => {
    let last = top;
    while (shown.isOpen(last)) last = shown.lastBelow(last);
    return last;
  };
  const after = (leavesRoot: boolean): number => {
    if (shown.isOpen(index)) return shown.firstBelow(index);
    for (let at = index; at !== NONE; at = forest.parentOf(at)) {
      if (!leavesRoot && forest.parentOf(at) === NONE) return NONE;
      if (shown.next(at) !== NONE) return shown.next(at);
    }
    return NONE;
  };
  const before = (): number => {
    const previous = shown.previous(index);
    return previous === NONE ? forest.parentOf(index) : lastWithin(previous);
  };
  const rootOf = (): number => {
    let top = index;
    while (forest.parentOf(top) !== NONE) top = forest.parentOf(top);
    return top;
  };
  const opening = (): KeyEffect | null => {
    if (folds.closedAt(index) !== null) return { fold: index };
    return shown.isCollapsed(index) ? { toggle: index } : null;
  };
  const closing = (): KeyEffect | null => {
    if (shown.isOpen(index)) return { toggle: index };
    return folds.openAt(index) !== null ? { fold: index } : null;
  };
  switch (key) {
    case 'ArrowDown':
      return go(isDown ? shown.next(rootOf()) : after(true));
    case 'ArrowUp':
      if (!isDown) return go(before());
      return go(isRoot ? shown.previous(index) : forest.parentOf(index));
    case 'ArrowLeft': {
      const closed = closing();
      if (closed !== null) return closed;
      if (isDown) return go(isRoot ? NONE : before());
      return go(isRoot ? shown.previous(index) : forest.parentOf(index));
    }
    case 'ArrowRight': {
      const opened = opening();
      if (opened !== null) return opened;
      if (isDown) return go(after(false));
      if (shown.isOpen(index)) return go(shown.firstBelow(index));
      return isRoot ? go(shown.next(index)) : null;
    }
    case 'Home':
      return go(forest.firstRoot);
    case 'End': {
      const last = forest.lastRoot;
      return last === NONE ? null : go(lastWithin(folds.leadOf(last)));
    }
    default:
      return null;
  }
}

/** What a key does to the window on the tree. */
export type WindowKey = 'zoomIn' | 'zoomOut' | 'zoomReset' | 'fit';

export function windowKey(key: string): WindowKey | null {
  const command = commandOf(key);
  return command === 'zoomIn' || command === 'zoomOut' || command === 'zoomReset' || command === 'fit' ? command : null;
}
