import { outlineColumns } from './outline-columns';

const all = { hasTokens: true, hasCost: true };
const none = { hasTokens: false, hasCost: false };

describe('the columns of the outline', () => {
  it('fill the width, whatever it is', () => {
    for (let width = 80; width < 4_000; width += 37) {
      const columns: number[] = Object.values(outlineColumns(width, all));
      expect(columns.reduce((sum, px) => sum + px)).toBe(width);
      expect(columns.every((column) => column >= 0)).toBe(true);
    }
  });

  it('have tokens and cost only when a node has them', () => {
    expect(outlineColumns(1_400, none)).toMatchObject({ tokens: 0, cost: 0 });
    expect(outlineColumns(1_400, { hasTokens: true, hasCost: false })).toMatchObject({ tokens: 68, cost: 0 });
  });

  it('are names and durations only where it is narrow', () => {
    const { name, duration, ...others } = outlineColumns(300, all);
    expect([name, duration]).toEqual([224, 76]);
    expect(new Set(Object.values(others))).toEqual(new Set([0]));
    expect(Object.values(outlineColumns(900, all)).every((column) => column > 0)).toBe(true);
  });
});
