import { NONE, type Forest } from './forest';
import { nextInOrder, walk } from './walk';

/** Whether a node is one of those that are stepped through: a failure, or what a search found. */
export type IsHit = (index: number) => boolean;

function hitsInOrder(forest: Forest, isHit: IsHit): number[] {
  const inOrder: number[] = [];
  walk(forest, (index) => {
    if (isHit(index)) inOrder.push(index);
  });
  return inOrder;
}

/**
 * The hit that comes after a node, or before it, in depth-first order; behind the last one comes the first.
 *
 * @param from NONE for before the first node
 * @returns NONE when there is none
 */
export function hitFrom(forest: Forest, isHit: IsHit, from: number, step: 1 | -1): number {
  const inOrder = hitsInOrder(forest, isHit);
  const standing = inOrder.indexOf(from);
  if (standing >= 0) return inOrder.at((standing + step) % inOrder.length) ?? NONE;
  if (from === NONE) return inOrder.at(step === 1 ? 0 : -1) ?? NONE;
  // Those of the rest of the order are the last ones of all.
  let after = 0;
  for (let index = from; index !== NONE; index = nextInOrder(forest, index)) if (isHit(index)) after++;
  const next = inOrder.length - after;
  return (step === 1 ? (inOrder[next] ?? inOrder[0]) : inOrder.at(next - 1)) ?? NONE;
}

/** Which of all hits a node is in that order, from 1 on; 0 for a node that is none. */
export function rankOf(forest: Forest, isHit: IsHit, index: number): number {
  return index === NONE || !isHit(index) ? 0 : hitsInOrder(forest, isHit).indexOf(index) + 1;
}
