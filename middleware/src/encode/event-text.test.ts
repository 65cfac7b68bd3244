import { durationText, startedTsText, tsText } from './event-text';

const valueOf = (text: string): unknown => Object.values(JSON.parse(`{${text.slice(1)}}`) as object)[0];

describe('times as text', () => {
  it.each([0, 0.001, 0.25, 0.999, 0.9996, 1, 1.5, 12.034, 999.999, 1000, 86_400_000.007])(
    'say a duration of %p ms as JSON does',
    (ms) => {
      expect(valueOf(durationText(ms))).toBe(Number(ms.toFixed(3)));
      expect(durationText(ms)).toMatch(/^,"duration_ms":/);
    },
  );

  it('say epoch times as JSON does, one after another and back', () => {
    for (const ts of [1_764_050_000_000, 1_764_050_000_000.5, 1_764_050_000_001.25, 1_764_050_000_000.75, 0]) {
      expect(tsText(ts)).toBe(`,"ts":${ts}`.replace(/(\.\d+)$/, (fraction) => fraction.padEnd(4, '0')));
      expect(valueOf(startedTsText(ts))).toBe(ts);
    }
  });
});
