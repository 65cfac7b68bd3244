import { useEffect, useMemo } from 'react';
import { createFolds, type Folds, type FoldWish } from './layout/folds';
import type { Forest } from './layout/forest';

/**
 * Which equal siblings of a flow are folded into one, brought up to date at each render.
 *
 * @param onHeld is told the groups that are open only since the kept node is of them: they stay open after it
 */
export function useFolds(
  forest: Forest | null,
  wish: FoldWish,
  onHeld: (keys: readonly string[]) => void,
): Folds | null {
  const folds = useMemo(() => (forest === null ? null : createFolds(forest)), [forest]);
  folds?.update(wish);
  const held = folds?.held ?? [];
  useEffect(() => {
    if (held.length > 0) onHeld(held);
  });
  return folds;
}
