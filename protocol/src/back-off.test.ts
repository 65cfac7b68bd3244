import { backOffMs } from './back-off';

const range = { firstMs: 100, maxMs: 2_000 };

describe('backOffMs', () => {
  it('doubles up to the longest, also after any number of failures', () => {
    const waits = [1, 2, 3, 5, 6, 5_000].map((failures) => backOffMs(failures, range, () => 1));
    expect(waits).toEqual([100, 200, 400, 1_600, 2_000, 2_000]);
  });

  it('is random by up to a half', () => {
    expect(backOffMs(2, range, () => 0)).toBe(100);
    expect(backOffMs(2, range)).toBeGreaterThanOrEqual(100);
    expect(backOffMs(2, range)).toBeLessThanOrEqual(200);
  });
});
