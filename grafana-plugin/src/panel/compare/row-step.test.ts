import { rowStep } from './row-step';

describe('rowStep', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowUp', 3, 2],
    ['PageDown', 3, 9],
    ['PageUp', 3, 0],
    ['End', 3, 9],
    ['Home', 3, 0],
    ['ArrowDown', 9, 9],
  ])('leads by %s from row %i to row %i of ten', (key, from, to) => {
    expect(rowStep(key, from, 10, 6)).toBe(to);
  });

  it('leads nowhere by other keys, or without rows', () => {
    expect(rowStep('x', 3, 10, 6)).toBeNull();
    expect(rowStep('End', 0, 0, 6)).toBeNull();
  });
});
