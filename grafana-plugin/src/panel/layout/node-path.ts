import { NONE, type Forest } from './forest';

/** The names of the nodes from the root down to a node, at most so many of the last ones. */
export function namesTo(forest: Forest, index: number, most: number): string[] {
  const names: string[] = [];
  for (let at = index; at !== NONE; at = forest.parentOf(at)) {
    if (names.length === most) return ['…', ...names];
    names.unshift(forest.nodes.list[at]?.checkpoint ?? '');
  }
  return names;
}
