import { extendedHours } from './grant-lengths';

describe('extendedHours', () => {
  it('adds to what is left', () => {
    expect(extendedHours(30 * 60_000, 1)).toBe(1.5);
    expect(extendedHours(1, 1)).toBe(1);
  });

  it('counts from now when the grant has just ended', () => {
    expect(extendedHours(-5_000, 1)).toBe(1);
  });

  it('gives no number that a URL would show with an exponent', () => {
    for (let leftMs = 0; leftMs < 10_000; leftMs += 7)
      expect(String(extendedHours(leftMs, 1))).toMatch(/^\d+(\.\d+)?$/);
  });

  it('refuses what the bridge refuses', () => {
    expect(extendedHours(167 * 3_600_000, 1)).toBe(168);
    expect(extendedHours(167 * 3_600_000 + 60_000, 1)).toBeNull();
  });
});
