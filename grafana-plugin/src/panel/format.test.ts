import { formatAge, formatDuration, formatLeft, percentText } from './format';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '<1 ms'],
    [3.2, '3 ms'],
    [412, '412 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [3_940, '3.9 s'],
    [59_960, '1 m 00 s'],
    [65_000, '1 m 05 s'],
    [7_620_000, '2 h 07 m'],
    [200_000_000, '2 d 07 h'],
    [-5, '0 ms'],
    [Number.NaN, '0 ms'],
  ])('writes %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('formatLeft', () => {
  it.each([
    [10_000, 'under a minute left'],
    [42 * 60_000, '42 min left'],
    [60 * 60_000, '1 h left'],
    [200 * 60_000, '3 h 20 min left'],
  ])('writes %d ms as %s', (ms, text) => expect(formatLeft(ms)).toBe(text));
});

describe('formatAge', () => {
  it.each([
    [-500, 'just now'],
    [999, 'just now'],
    [12_400, '12 s ago'],
    [59_999, '59 s ago'],
    [4 * 60_000, '4 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [50 * 3_600_000, '2 d ago'],
  ])('writes %d ms as %s', (ms, text) => expect(formatAge(ms)).toBe(text));
});

describe('percentText', () => {
  it.each([
    [1, '100 %'],
    [0.344, '34 %'],
    [0.005, '1 %'],
    [0.0049, '<1 %'],
  ])('writes %d as %s', (share, text) => expect(percentText(share)).toBe(text));
});
