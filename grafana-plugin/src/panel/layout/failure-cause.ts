import type { PanelNode } from '../../frames/panel-flow';
import type { Failures } from './failures';
import { NONE, type Forest } from './forest';

function isSameError(a: PanelNode, b: PanelNode | undefined): boolean {
  return b?.status === 'error' && a.error?.type === b.error?.type && a.error?.message === b.error?.message;
}

/**
 * The node at which the failure began that this one only passed on or reports: the one it passes down to, child by child,
 * or the flow's first failure when none of its children failed by it.
 *
 * @returns NONE when this node's failure is its own, or when it has not failed
 */
export function causeOf(forest: Forest, failures: Failures, index: number): number {
  if (!failures.passedOn(index)) return NONE;
  let at = index;
  while (!failures.beganAt(at)) {
    const node = forest.nodes.list[at];
    let child = forest.firstChildOf(at);
    while (child !== NONE && node !== undefined && !isSameError(node, forest.nodes.list[child])) {
      child = forest.nextSiblingOf(child);
    }
    if (child === NONE || node === undefined) return failures.firstIndex === index ? NONE : failures.firstIndex;
    at = child;
  }
  return at;
}
