import { brushed, steadyEnd, within, zoomedAt } from './time-window';

const full = { fromMs: 0, toMs: 1_000 };

describe('within', () => {
  it('moves a window inside, and shortens one that is too long', () => {
    expect(within({ fromMs: -100, toMs: 100 }, full)).toEqual({ fromMs: 0, toMs: 200 });
    expect(within({ fromMs: 900, toMs: 1_100 }, full)).toEqual({ fromMs: 800, toMs: 1_000 });
    expect(within({ fromMs: -5, toMs: 2_000 }, full)).toEqual(full);
  });
});

describe('zoomedAt', () => {
  it('keeps the time at the pointer in its place', () => {
    expect(zoomedAt(full, full, 250, 0.5)).toEqual({ fromMs: 125, toMs: 625 });
    expect(zoomedAt({ fromMs: 125, toMs: 625 }, full, 250, 0.2)).toEqual({ fromMs: 225, toMs: 325 });
  });

  it('ends at all of it and at a tenth of a millisecond', () => {
    expect(zoomedAt({ fromMs: 0, toMs: 600 }, full, 0, 2)).toBeNull();
    const closest = zoomedAt({ fromMs: 10, toMs: 10.2 }, full, 10, 0.01);
    expect((closest?.toMs ?? 0) - (closest?.fromMs ?? 0)).toBeCloseTo(0.1);
  });
});

describe('brushed', () => {
  it('takes its ends in either order and stays inside', () => {
    expect(brushed(700, 200, full)).toEqual({ fromMs: 200, toMs: 700 });
    expect(brushed(-50, 400, full)).toEqual({ fromMs: 0, toMs: 400 });
    expect(brushed(5_000, 400, full)).toEqual({ fromMs: 400, toMs: 1_000 });
  });
});

describe('steadyEnd', () => {
  it('stands still until it is reached, then leaves room', () => {
    expect(steadyEnd(0, 10)).toBe(1_000);
    expect(steadyEnd(1_000, 999)).toBe(1_000);
    expect(steadyEnd(1_000, 1_000)).toBe(1_250);
    expect(steadyEnd(1_000, 1_300)).toBe(1_562.5);
  });
});
