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
    const followed = (): number => {
      let index = target.read();
      while (index !== NONE && !layout.isPlaced(index)) {
        index = folds.isAway(index) ? folds.leadOf(index) : forest.parentOf(index);
      }
      return index;
    };
    return { layout, window, followed };
  }, [forest, folds, layout, window]);
  layout.update(collapsed);
  return model;
}
