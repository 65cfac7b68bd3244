import { NONE } from '../../layout/forest';
import { keyEffect } from './tree-keys';
import { testForest } from '../../layout/test-forest';

//  0 ── 1 ── 6
//       ├ 2
//       │ ├ 3
//       │ └ 4
//       └ 5
const { forest } = testForest([null, null, 1, 2, 2, 1, null]);
const open = (_index: number): boolean => false;
const press = (index: number, key: string, isCollapsed = open) => keyEffect(forest, index, key, isCollapsed);

/** All nodes that a key walks over from one on. */
function walk(from: number, key: string, isCollapsed = open): number[] {
  const path: number[] = [];
  let at = from;
  while (at !== NONE) {
    path.push(at);
    const effect = press(at, key, isCollapsed);
    at = effect !== null && 'go' in effect ? effect.go : NONE;
  }
  return path;
}

describe('keys in the tree', () => {
  it('walk all shown nodes down and up', () => {
    expect(walk(0, 'ArrowDown')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(walk(6, 'ArrowUp')).toEqual([6, 5, 4, 3, 2, 1, 0]);
    const collapsed = (index: number): boolean => index === 2;
    expect(walk(0, 'ArrowDown', collapsed)).toEqual([0, 1, 2, 5, 6]);
    expect(walk(6, 'ArrowUp', collapsed)).toEqual([6, 5, 2, 1, 0]);
  });

  it('collapse an open node to the left, and open a collapsed one to the right', () => {
    expect(press(1, 'ArrowLeft')).toEqual({ toggle: 1 });
    expect(press(1, 'ArrowRight', () => true)).toEqual({ toggle: 1 });
    expect(press(1, 'ArrowRight')).toEqual({ go: 2 });
    expect(press(2, 'ArrowLeft', () => true)).toEqual({ go: 1 });
    expect(press(3, 'ArrowLeft')).toEqual({ go: 2 });
    expect(press(3, 'ArrowRight')).toBeNull();
  });

  it('lead along the row of roots where there is nothing to open or collapse', () => {
    expect(press(0, 'ArrowRight')).toEqual({ go: 1 });
    expect(press(6, 'ArrowLeft')).toEqual({ go: 1 });
    expect(press(0, 'ArrowLeft')).toBeNull();
  });

  it('lead to the first and the last node', () => {
    expect([press(4, 'Home'), press(4, 'End')]).toEqual([{ go: 0 }, { go: 6 }]);
    const { forest: small } = testForest([null, 0, 1]);
    expect(keyEffect(small, 0, 'End', open)).toEqual({ go: 2 });
    expect(keyEffect(small, 0, 'End', (index) => index === 1)).toEqual({ go: 1 });
    expect(press(4, 'a')).toBeNull();
  });
});
