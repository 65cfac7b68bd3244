import { buildTree, type TreeInput } from './tree';

const item = (id: number | string, parentId: number | string | null): TreeInput => ({
  id: String(id),
  parentId: parentId === null ? null : String(parentId),
});

describe('buildTree', () => {
  it('links children to parents, in the order of the list', () => {
    const tree = buildTree([item(1, null), item(2, 1), item(3, null), item(4, 1), item(5, 4)]);
    expect(tree.roots).toEqual(['1', '3']);
    expect(tree.nodes.get('1')?.children).toEqual(['2', '4']);
    expect(tree.nodes.get('2')?.children).toEqual([]);
    expect([...tree.nodes.keys()]).toEqual(['1', '2', '4', '5', '3']);
    expect([...tree.nodes.values()].map((node) => node.depth)).toEqual([0, 1, 1, 2, 0]);
  });

  it('takes a child that comes before its parent', () => {
    const tree = buildTree([item(2, 1), item(1, null)]);
    expect(tree.nodes.get('2')).toMatchObject({ parentId: '1', depth: 1, broken: null });
  });

  it('makes roots of nodes whose parent is missing or is themselves, and marks them', () => {
    const tree = buildTree([item(1, 9), item(2, 2), item(3, 1)]);
    expect(tree.roots).toEqual(['1', '2']);
    expect(tree.nodes.get('1')?.broken).toBe('missing_parent');
    expect(tree.nodes.get('2')?.broken).toBe('self_parent');
    expect(tree.nodes.get('3')).toMatchObject({ parentId: '1', broken: null });
  });

  it('cuts a cycle at its first node, wherever one comes to it', () => {
    for (const entry of [1, 2, 3]) {
      const list = [item(5, entry), item(1, 3), item(2, 1), item(3, 2), item(4, 3)];
      const tree = buildTree(list);
      expect(tree.roots).toEqual(['1']);
      expect(tree.nodes.get('1')?.broken).toBe('cycle');
      expect(tree.nodes.size).toBe(list.length);
    }
  });

  it('keeps the first of two nodes with one id', () => {
    expect(buildTree([item(1, null), item(1, 1)]).nodes.get('1')?.broken).toBeNull();
  });

  it('takes 10,000 levels, 100,000 siblings and a cycle of 50,000', () => {
    const deep = Array.from({ length: 10_000 }, (_, i) => item(i, i === 0 ? null : i - 1));
    expect(buildTree(deep).nodes.get('9999')?.depth).toBe(9_999);
    const wide = Array.from({ length: 100_000 }, (_, i) => item(i, i === 0 ? null : 0));
    expect(buildTree(wide).nodes.get('0')?.children).toHaveLength(99_999);
    const cycle = Array.from({ length: 50_000 }, (_, i) => item(i, (i + 1) % 50_000));
    expect(buildTree(cycle).roots).toEqual(['0']);
  });
});
