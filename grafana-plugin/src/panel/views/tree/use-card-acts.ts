import { useLayoutEffect, useRef } from 'react';
import type { ViewProps } from '../view-props';
import type { TreeModel } from './use-tree-model';

interface Options extends Pick<ViewProps, 'forest' | 'folds' | 'collapsed' | 'onToggle' | 'onFold' | 'onAct'> {
  readonly model: TreeModel;
}

/** Collapsing and folding of cards: the card that is clicked stays under the pointer. */
export function useCardActs({ model, forest, folds, collapsed, onToggle, onFold, onAct }: Options) {
  const { layout, window } = model;
  /** Where the card stood. */
  const anchor = useRef<{ index: number; x: number; y: number } | null>(null);
  useLayoutEffect(() => {
    const from = anchor.current;
    anchor.current = null;
    if (from === null || !layout.isPlaced(from.index)) return;
    const { camera } = window;
    const [dx, dy] = [(layout.x[from.index] ?? 0) - from.x, (layout.y[from.index] ?? 0) - from.y];
    window.moveTo({ ...camera, x: camera.x + dx, y: camera.y + dy });
  }, [collapsed, folds.turns, layout, window]);

  const begin = (index: number): void => {
    anchor.current = { index, x: layout.x[index] ?? 0, y: layout.y[index] ?? 0 };
    onAct();
  };
  return {
    toggle(this: void, index: number): void {
      begin(index);
      onToggle(forest.nodes.list[index]?.id ?? '');
    },
    fold(this: void, index: number): void {
      const group = folds.closedAt(index) ?? folds.openAt(index);
      if (group === null) return;
      begin(index);
      onFold(group.key);
    },
  };
}
