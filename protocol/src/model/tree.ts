/** Why a node stands at the root though it names a parent. */
export type BrokenParent = 'missing_parent' | 'self_parent' | 'cycle';

export interface TreeInput {
  readonly id: string;
  readonly parentId: string | null;
}

export interface TreeNode<T extends TreeInput> {
  readonly item: T;
  /** Null for a root. */
  readonly parentId: string | null;
  /** 0 for a root. */
  readonly depth: number;
  /** In the order of the input. */
  readonly children: readonly string[];
  readonly broken: BrokenParent | null;
}

export interface Tree<T extends TreeInput> {
  readonly roots: readonly string[];
  /** Depth first, parents before children. */
  readonly nodes: ReadonlyMap<string, TreeNode<T>>;
}

/**
 * Builds a tree from a flat list. Every node is in it exactly once, whatever the list says: one whose parent is not
 * there, is itself, or is below it, becomes a root and is marked. Iterative, since a tree may be 10,000 levels deep.
 */
export function buildTree<T extends TreeInput>(items: readonly T[]): Tree<T> {
  const byId = new Map<string, T>();
  for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item);

  const broken = findBroken(byId);
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  for (const { id, parentId } of byId.values()) {
    if (parentId === null || broken.has(id)) roots.push(id);
    else {
      const siblings = children.get(parentId);
      if (siblings === undefined) children.set(parentId, [id]);
      else siblings.push(id);
    }
  }

  const nodes = new Map<string, TreeNode<T>>();
  const stack: { id: string; parentId: string | null; depth: number }[] = [];
  for (const id of roots.toReversed()) stack.push({ id, parentId: null, depth: 0 });
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const item = byId.get(top.id);
    if (item === undefined) continue;
    const below = children.get(top.id) ?? [];
    nodes.set(top.id, {
      item,
      parentId: top.parentId,
      depth: top.depth,
      children: below,
      broken: broken.get(top.id) ?? null,
    });
    for (const id of below.toReversed()) stack.push({ id, parentId: top.id, depth: top.depth + 1 });
  }
  return { roots, nodes };
}

/** The nodes to cut off from the parent they name: of a cycle, the one that comes first in the list. */
function findBroken<T extends TreeInput>(byId: ReadonlyMap<string, T>): Map<string, BrokenParent> {
  const broken = new Map<string, BrokenParent>();
  const order = new Map([...byId.keys()].map((id, i) => [id, i]));
  const walked = new Set<string>();
  for (const startId of byId.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    let id = startId;
    while (!walked.has(id)) {
      const parentId: string | null = byId.get(id)?.parentId ?? null;
      walked.add(id);
      path.push(id);
      onPath.add(id);
      if (parentId === null) break;
      if (parentId === id) broken.set(id, 'self_parent');
      else if (!byId.has(parentId)) broken.set(id, 'missing_parent');
      else if (onPath.has(parentId)) {
        const cycle = path.slice(path.indexOf(parentId));
        const first = cycle.reduce((a, b) => ((order.get(b) ?? 0) < (order.get(a) ?? 0) ? b : a));
        broken.set(first, 'cycle');
      }
      id = parentId;
    }
  }
  return broken;
}
