import { buildTree } from '@flow-tracking/protocol/model';
import { nodeAtKey } from './keyboard';

const tree = buildTree([
  { id: 'a', parentId: null },
  { id: 'b', parentId: null },
  { id: 'b1', parentId: 'b' },
  { id: 'b2', parentId: 'b' },
  { id: 'b1x', parentId: 'b1' },
]);

describe('nodeAtKey', () => {
  it.each([
    ['a', 'ArrowRight', 'b'],
    ['b', 'ArrowLeft', 'a'],
    ['b', 'ArrowDown', 'b1'],
    ['b1', 'ArrowDown', 'b2'],
    ['b2', 'ArrowUp', 'b1'],
    ['b1', 'ArrowUp', 'b'],
    ['b1', 'ArrowRight', 'b1x'],
    ['b1x', 'ArrowLeft', 'b1'],
    ['b2', 'Home', 'a'],
    ['a', 'End', 'b'],
    ['a', 'ArrowUp', null],
    ['a', 'x', null],
    ['gone', 'ArrowUp', null],
  ])('leads from %s by %s to %s', (id, key, expected) => expect(nodeAtKey(tree, id, key)).toBe(expected));
});
