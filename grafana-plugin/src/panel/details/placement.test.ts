import { limitsOf, placementIn, sizeWithin } from './placement';

describe('placementIn', () => {
  it.each([
    [1440, 900, 'side'],
    [900, 200, 'side'],
    [599, 600, 'sheet'],
    [300, 200, 'full'],
    [500, 339, 'full'],
  ] as const)('of %d×%d is %s', (width, height, placement) => {
    expect(placementIn({ width, height })).toBe(placement);
  });
});

describe('limitsOf', () => {
  it.each([
    [600, 300, false],
    [900, 600, true],
    [1440, 900, true],
    [3840, 2160, true],
  ] as const)('leaves the view room beside at %d×%d', (width, height, hasRail) => {
    const { least, usual, most } = limitsOf('side', { width, height }, hasRail);
    expect(least).toBeLessThanOrEqual(usual);
    expect(usual).toBeLessThanOrEqual(most);
    const rail = hasRail ? Math.max(248, Math.min(400, width * 0.14)) : 0;
    expect(width - rail - most).toBeGreaterThanOrEqual(236);
  });

  it('leaves the view room above a sheet', () => {
    const { most, usual } = limitsOf('sheet', { width: 400, height: 340 }, false);
    expect(340 - most).toBeGreaterThanOrEqual(150);
    expect(usual).toBe(170);
  });

  it('is wide enough for two columns on a huge screen', () => {
    expect(limitsOf('side', { width: 3840, height: 2160 }, true).usual).toBeGreaterThanOrEqual(620);
  });
});

describe('sizeWithin', () => {
  const limits = { least: 100, usual: 200, most: 300 };
  it.each([
    [null, 200],
    [50, 100],
    [250.4, 250],
    [900, 300],
  ])('makes %s %d', (wanted, size) => {
    expect(sizeWithin(limits, wanted)).toBe(size);
  });
});
