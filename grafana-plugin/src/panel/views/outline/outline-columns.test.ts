import { outlineColumns } from './outline-columns';

describe('the columns of the outline', () => {
  it('fill the width, whatever it is', () => {
    for (let width = 80; width < 4_000; width += 37) {
      const columns: number[] = Object.values(outlineColumns(width));
      expect(columns.reduce((sum, px) => sum + px)).toBe(width);
      expect(columns.every((column) => column >= 0)).toBe(true);
    }
  });

  it('are names and durations only where it is narrow', () => {
    expect(outlineColumns(300)).toEqual({ name: 224, status: 0, started: 0, duration: 76, share: 0 });
    expect(Object.values(outlineColumns(900)).every((column) => column > 0)).toBe(true);
  });
});
