import { createFlowNodes } from '../../../frames/flow-nodes';
import { createFolds } from '../../layout/folds';
import { createForest, NONE } from '../../layout/forest';
import { createRows } from '../../layout/rows';
import { rowAction } from './row-keys';
import { testNode } from '../../layout/test-forest';

// Rows: 0, 1 (collapsed, hides 2), 3, 4
const forest = createForest(
  createFlowNodes([testNode(0, null), testNode(1, 0), testNode(2, 1), testNode(3, 0), testNode(4, null)]),
);
forest.update();
const rows = createRows(forest);
rows.update(new Set(['1']));
const press = (key: string, row: number) => rowAction(key, rows, forest, row, 2);

describe('the keys of rows', () => {
  it('lead up and down, and stop at the ends', () => {
    expect(press('ArrowDown', 0)).toEqual({ kind: 'focus', row: 1 });
    expect(press('ArrowDown', 3)).toEqual({ kind: 'focus', row: 3 });
    expect(press('ArrowUp', 0)).toEqual({ kind: 'focus', row: 0 });
    expect(press('PageDown', 0)).toEqual({ kind: 'focus', row: 2 });
    expect(press('PageUp', 1)).toEqual({ kind: 'focus', row: 0 });
    expect(press('Home', 3)).toEqual({ kind: 'focus', row: 0 });
    expect(press('End', 0)).toEqual({ kind: 'focus', row: 3 });
  });

  it('open a parent, then lead to its first child', () => {
    expect(press('ArrowRight', 1)).toEqual({ kind: 'toggle', row: 1 });
    expect(press('ArrowRight', 0)).toEqual({ kind: 'focus', row: 1 });
    expect(press('ArrowRight', 3)).toBeNull();
  });

  it('close a parent, then lead to the one above', () => {
    expect(press('ArrowLeft', 0)).toEqual({ kind: 'toggle', row: 0 });
    expect(press('ArrowLeft', 1)).toEqual({ kind: 'focus', row: 0 });
    expect(press('ArrowLeft', 2)).toEqual({ kind: 'focus', row: 0 });
    expect(press('ArrowLeft', 3)).toBeNull();
  });

  it('select, and leave all other keys alone', () => {
    expect(press('Enter', 2)).toEqual({ kind: 'select', row: 2 });
    expect(press(' ', 2)).toEqual({ kind: 'select', row: 2 });
    expect(press('x', 0)).toBeNull();
  });

  it('open a group of equal siblings, and close it again at its first node', () => {
    const many = createForest(
      createFlowNodes([testNode(0, null), ...Array.from({ length: 12 }, (_, i) => testNode(i + 1, 0))]),
    );
    many.update();
    const folds = createFolds(many);
    folds.update({ on: true, opened: new Set(), kept: NONE });
    const folded = createRows(many, folds);
    folded.update(new Set());
    const on = (key: string, row: number) => rowAction(key, folded, many, row, 2);
    expect([on('ArrowRight', 1), on('Enter', 1)]).toEqual([
      { kind: 'fold', row: 1 },
      { kind: 'fold', row: 1 },
    ]);
    expect(on('ArrowLeft', 1)).toEqual({ kind: 'focus', row: 0 });
    folds.update({ on: true, opened: new Set([folds.closedAt(1)?.key ?? '']), kept: NONE });
    folded.update(new Set());
    expect([on('ArrowLeft', 1), on('Enter', 1)]).toEqual([
      { kind: 'fold', row: 1 },
      { kind: 'select', row: 1 },
    ]);
    expect(on('ArrowLeft', 2)).toEqual({ kind: 'focus', row: 0 });
  });

  it('do nothing where there are no rows', () => {
    const none = createForest(createFlowNodes());
    expect(rowAction('End', createRows(none), none, 0, 2)).toBeNull();
  });
});
