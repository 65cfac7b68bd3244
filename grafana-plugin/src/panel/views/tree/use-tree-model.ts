import { useMemo, useRef, useState } from 'react';
import type { Folds } from '../../layout/folds';
import { NONE } from '../../layout/forest';
import { createTreeLayout, type TreeLayout } from '../../layout/tree-layout';
import { AXES } from '../../layout/tree-sizes';
import type { TreeDirection } from '../../options';
import { createFollowTarget } from '../../layout/follow-target';
import { createTreeWindow, type TreeWindow } from './tree-window';

export interface TreeModel {
  readonly layout: TreeLayout;
  readonly window: TreeWindow;
  /** The node, or what stands for it or above it and has a place; the first of all for a node that is not there. */
  shown(index: number): number;
  /** The node to keep in sight while following, or what stands for it; NONE of an empty flow. */
  followed(): number;
}

/** What the view keeps of one flow, brought up to date with the forest at every render. */
export function useTreeModel(folds: Folds, direction: TreeDirection, collapsed: ReadonlySet<string>): TreeModel {
  const { forest } = folds;
  const layout = useMemo(() => createTreeLayout(forest, folds, AXES[direction]), [forest, folds, direction]);
  // A flow that was read anew has another forest; the window stays where it was.
  const shown = useRef(layout);
  shown.current = layout;
  const [window] = useState(() => createTreeWindow(() => shown.current));
  const model = useMemo(() => {
    const target = createFollowTarget(forest);
    const placed = (index: number): number => {
      let at = index;
      while (at !== NONE && !layout.isPlaced(at)) at = folds.isAway(at) ? folds.leadOf(at) : forest.parentOf(at);
      return at;
    };
    const shown = (index: number): number => {
      const at = index < forest.size ? placed(index) : NONE;
      return at === NONE ? folds.leadOf(forest.firstRoot) : at;
    };
    return { layout, window, shown, followed: () => placed(target.read()) };
  }, [forest, folds, layout, window]);
  layout.update(collapsed);
  return model;
}
