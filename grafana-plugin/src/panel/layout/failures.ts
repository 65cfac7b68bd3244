import { NONE, type Forest } from './forest';
import { nextInOrder, walk } from './walk';

function hasFailed(forest: Forest, index: number): boolean {
  return forest.nodes.list[index]?.status === 'error';
}

/** Whether a node only passed on what failed below it. */
export function isPassedOn(forest: Forest, index: number): boolean {
  if (!hasFailed(forest, index)) return false;
  let child = forest.firstChildOf(index);
  while (child !== NONE && !hasFailed(forest, child)) child = forest.nextSiblingOf(child);
  return child !== NONE;
}

/** Nodes that failed of themselves: none of their children did. In depth-first order. */
export function firstFailures(forest: Forest): number[] {
  const failures: number[] = [];
  walk(forest, (index) => {
    if (hasFailed(forest, index) && !isPassedOn(forest, index)) failures.push(index);
  });
  return failures;
}

/**
 * The failure after a node, or before it, in depth-first order; behind the last one comes the first.
 *
 * @param from NONE for before the first node
 * @returns NONE when nothing failed
 */
export function failureFrom(forest: Forest, from: number, step: 1 | -1): number {
  const failures = firstFailures(forest);
  const standing = failures.indexOf(from);
  if (standing >= 0) return failures.at((standing + step) % failures.length) ?? NONE;
  if (from === NONE) return failures.at(step === 1 ? 0 : -1) ?? NONE;
  // Those of the rest of the order are the last ones of all.
  let after = 0;
  for (let index = from; index !== NONE; index = nextInOrder(forest, index)) {
    if (hasFailed(forest, index) && !isPassedOn(forest, index)) after++;
  }
  const next = failures.length - after;
  return (step === 1 ? (failures[next] ?? failures[0]) : failures.at(next - 1)) ?? NONE;
}
