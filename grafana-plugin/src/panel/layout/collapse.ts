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
