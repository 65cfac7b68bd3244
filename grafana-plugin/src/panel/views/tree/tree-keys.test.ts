import { NONE } from '../../layout/forest';
import { keyEffect, windowKey } from './tree-keys';
import { createFolds } from '../../layout/folds';
import { testForest } from '../../layout/test-forest';

//  0 ── 1 ── 6
//       ├ 2
//       │ ├ 3
//       │ └ 4
//       └ 5
const { forest } = testForest([null, null, 1, 2, 2, 1, null]);
const open = (_index: number): boolean => false;
const unfolded = createFolds(forest);
const press = (index: number, key: string, isCollapsed = open) => keyEffect(unfolded, 'right', index, key, isCollapsed);

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
    expect(keyEffect(createFolds(small), 'right', 0, 'End', open)).toEqual({ go: 2 });
    expect(keyEffect(createFolds(small), 'right', 0, 'End', (index) => index === 1)).toEqual({ go: 1 });
    expect(press(4, 'a')).toBeNull();
  });

  it('follow the picture top-down: roots below each other, what is within them to the right', () => {
    const down = (index: number, key: string) => keyEffect(unfolded, 'down', index, key, open);
    expect([down(0, 'ArrowDown'), down(4, 'ArrowDown'), down(6, 'ArrowDown')]).toEqual([{ go: 1 }, { go: 6 }, null]);
    expect([down(6, 'ArrowUp'), down(4, 'ArrowUp'), down(0, 'ArrowUp')]).toEqual([{ go: 1 }, { go: 2 }, null]);
    expect([down(1, 'ArrowRight'), down(4, 'ArrowRight'), down(5, 'ArrowRight')]).toEqual([{ go: 2 }, { go: 5 }, null]);
    expect([down(5, 'ArrowLeft'), down(3, 'ArrowLeft'), down(1, 'ArrowLeft')]).toEqual([
      { go: 4 },
      { go: 2 },
      { toggle: 1 },
    ]);
    expect(down(0, 'ArrowLeft')).toBeNull();
  });

  it('open a group of equal siblings, pass those folded away, and close it at its first node', () => {
    const { forest: many } = testForest([null, ...Array.from({ length: 12 }, () => 0), null]);
    const folds = createFolds(many);
    const wish = { on: true, opened: new Set<string>(), kept: NONE };
    folds.update(wish);
    const on = (index: number, key: string) => keyEffect(folds, 'right', index, key, open);
    expect([on(0, 'ArrowRight'), on(1, 'ArrowDown'), on(13, 'ArrowUp')]).toEqual([{ go: 1 }, { go: 13 }, { go: 1 }]);
    expect([on(1, 'ArrowRight'), on(1, 'ArrowLeft')]).toEqual([{ fold: 1 }, { go: 0 }]);
    folds.update({ ...wish, opened: new Set([folds.closedAt(1)?.key ?? '']) });
    expect([on(1, 'ArrowLeft'), on(2, 'ArrowLeft'), on(1, 'ArrowDown')]).toEqual([{ fold: 1 }, { go: 0 }, { go: 2 }]);
  });

  it('zoom', () => {
    expect(['+', '=', '-', 'z', 'f', 'F', 'a'].map(windowKey)).toEqual([
      'zoomIn',
      'zoomIn',
      'zoomOut',
      'zoomReset',
      'fit',
      null,
      null,
    ]);
  });
});
