import type { Failures } from './failures';
import { NONE, type Forest } from './forest';
import { walk } from './walk';

/** Ids to collapse so that no node deeper than `level` shows; roots are at level 0. */
export function collapseBelow(forest: Forest, level: number): ReadonlySet<string> {
  const ids = new Set<string>();
  walk(forest, (index, depth) => {
    const node = forest.nodes.list[index];
    if (depth >= level && node !== undefined && forest.firstChildOf(index) !== NONE) ids.add(node.id);
  });
  return ids;
}

/** The collapsed ids without those above a node, so that it shows; the same set when it shows already. */
export function openedTo(forest: Forest, collapsed: ReadonlySet<string>, index: number): ReadonlySet<string> {
  const opened = new Set(collapsed);
  for (let above = forest.parentOf(index); above !== NONE; above = forest.parentOf(above)) {
    opened.delete(forest.nodes.list[above]?.id ?? '');
  }
  return opened.size === collapsed.size ? collapsed : opened;
}

/** Ids to collapse so that what leads to failures is open, and nothing else: all that have children and no failure below. */
export function collapseToFailures(forest: Forest, failures: Pick<Failures, 'beganAt'>): ReadonlySet<string> {
  const leads = new Uint8Array(forest.size);
  for (let index = 0; index < forest.size; index++) {
    if (!failures.beganAt(index)) continue;
    for (let at = forest.parentOf(index); at !== NONE && leads[at] !== 1; at = forest.parentOf(at)) leads[at] = 1;
  }
  const ids = new Set<string>();
  for (let index = 0; index < forest.size; index++) {
    const node = forest.nodes.list[index];
    if (leads[index] !== 1 && node !== undefined && forest.firstChildOf(index) !== NONE) ids.add(node.id);
  }
  return ids;
}

/** A rule by which nodes are collapsed, also those that come later. */
export type CollapseRule = { readonly kind: 'level'; readonly level: number } | { readonly kind: 'failures' };

export function collapseBy(rule: CollapseRule, forest: Forest, failures: Failures): ReadonlySet<string> {
  return rule.kind === 'level' ? collapseBelow(forest, rule.level) : collapseToFailures(forest, failures);
}
