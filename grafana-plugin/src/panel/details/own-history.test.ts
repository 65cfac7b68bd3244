import { formatDuration } from '../format';
import { historyScale, historyText, verdictText } from './own-history';

const history = { count: 1_200, errors: 48, p50Ms: 412, p95Ms: 2_100 };

describe('historyText', () => {
  it.each([
    [history, 'p50 412 ms · p95 2.1 s · fails 4 % of 1,200 in 24 h'],
    [{ ...history, errors: 1 }, 'p50 412 ms · p95 2.1 s · fails under 1 % of 1,200 in 24 h'],
    [{ ...history, errors: 0 }, 'p50 412 ms · p95 2.1 s · never failed in 1,200 in 24 h'],
    [{ ...history, count: 19 }, 'It ran 19 times in 24 h: too few for a comparison.'],
    [{ ...history, count: 1 }, 'It ran once in 24 h: too few for a comparison.'],
  ])('says %j', (figures, text) => {
    expect(historyText(figures, formatDuration)).toBe(text);
  });
});

describe('verdictText', () => {
  it.each([
    [100, 'This one is among the faster half.'],
    [1_000, 'This one is among the slower half, within its p95.'],
    [2_101, 'This one takes a little longer than its p95.'],
    [3_570, 'This one takes 1.7 times its p95.'],
    [42_000, 'This one takes 20 times its p95.'],
  ])('says of %d ms: %s', (ms, text) => {
    expect(verdictText(ms, history)).toBe(text);
  });
});

describe('historyScale', () => {
  it.each([0, 0.5, 412, 2_100, 1e9])('keeps all three on it with %d ms', (ms) => {
    const scale = historyScale(ms, history);
    for (const at of Object.values(scale)) {
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThan(1);
    }
    expect(scale.p50).toBeLessThan(scale.p95);
  });

  it('stands when all took no time', () => {
    expect(historyScale(0, { ...history, p50Ms: 0, p95Ms: 0 }).this).toBe(0.5);
  });
});
