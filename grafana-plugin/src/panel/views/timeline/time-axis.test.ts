import { axisTicks } from './time-axis';

const texts = (fromMs: number, toMs: number, count: number) =>
  axisTicks({ fromMs, toMs }, count).map(({ text }) => text);

describe('the ticks of a time axis', () => {
  it('are round in ms, s, min and h', () => {
    expect(texts(0, 95, 5)).toEqual(['0', '20 ms', '40 ms', '60 ms', '80 ms']);
    expect(texts(0, 2_100, 5)).toEqual(['0', '500 ms', '1.0 s', '1.5 s', '2.0 s']);
    expect(texts(0, 6_200, 7)).toEqual(['0', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s']);
    expect(texts(0, 150_000, 5)).toEqual(['0', '30 s', '60 s', '90 s', '2 min', '2:30 min']);
    expect(texts(0, 4 * 3_600_000, 4)).toEqual(['0', '60 min', '2 h', '3 h', '4 h']);
  });

  it('are told apart when one looks closely', () => {
    expect(texts(1_234, 1_236, 4)).toEqual(['1.2340 s', '1.2345 s', '1.2350 s', '1.2355 s', '1.2360 s']);
    expect(texts(12, 12.45, 6)).toEqual(['12.0 ms', '12.1 ms', '12.2 ms', '12.3 ms', '12.4 ms']);
  });

  it('are few and within the window, also before the start', () => {
    expect(texts(-20, 30, 5)).toEqual(['−20 ms', '−10 ms', '0', '10 ms', '20 ms', '30 ms']);
    for (const length of [0.1, 7, 333, 5_000, 61_000, 1e6, 1e9, 1e12]) {
      const ticks = axisTicks({ fromMs: length / 3, toMs: length * (4 / 3) }, 6);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      expect(ticks.every(({ atMs }) => atMs >= length / 3 - 1e-6 && atMs <= length * (4 / 3))).toBe(true);
      expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
    }
  });
});
