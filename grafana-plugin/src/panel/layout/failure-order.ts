import type { Failures } from './failures';
import { NONE, type Forest } from './forest';
import { nextInOrder, walk } from './walk';

/**
 * The failure that began after a node, or before it, in depth-first order; behind the last one comes the first.
 *
 * @param from NONE for before the first node
 * @returns NONE when nothing failed
 */
export function failureFrom(forest: Forest, failures: Failures, from: number, step: 1 | -1): number {
  const inOrder: number[] = [];
  walk(forest, (index) => {
    if (failures.beganAt(index)) inOrder.push(index);
  });
  const standing = inOrder.indexOf(from);
  if (standing >= 0) return inOrder.at((standing + step) % inOrder.length) ?? NONE;
  if (from === NONE) return inOrder.at(step === 1 ? 0 : -1) ?? NONE;
  // Those of the rest of the order are the last ones of all.
  let after = 0;
  for (let index = from; index !== NONE; index = nextInOrder(forest, index)) if (failures.beganAt(index)) after++;
  const next = inOrder.length - after;
  return (step === 1 ? (inOrder[next] ?? inOrder[0]) : inOrder.at(next - 1)) ?? NONE;
}
