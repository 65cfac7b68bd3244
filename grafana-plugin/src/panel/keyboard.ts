import type { Tree, TreeInput } from '@flow-tracking/protocol/model';

/**
 * The node that an arrow key leads to, or null when it leads nowhere. Roots stand in a row with their children below and
 * to the right; the children of one parent stand below each other.
 */
export function nodeAtKey<T extends TreeInput>(tree: Tree<T>, id: string, key: string): string | null {
  const node = tree.nodes.get(id);
  if (node === undefined) return null;
  const isRoot = node.parentId === null;
  const siblings = isRoot ? tree.roots : (tree.nodes.get(node.parentId)?.children ?? []);
  const index = siblings.indexOf(id);
  const previous = siblings[index - 1] ?? null;
  const next = siblings[index + 1] ?? null;
  const child = node.children[0] ?? null;
  switch (key) {
    case 'ArrowRight':
      return isRoot ? next : child;
    case 'ArrowLeft':
      return isRoot ? previous : node.parentId;
    case 'ArrowDown':
      return isRoot ? child : next;
    case 'ArrowUp':
      return isRoot ? null : (previous ?? node.parentId);
    case 'Home':
      return tree.roots[0] ?? null;
    case 'End':
      return tree.roots.at(-1) ?? null;
    default:
      return null;
  }
}
