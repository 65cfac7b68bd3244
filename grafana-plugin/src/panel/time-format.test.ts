import '../testing/window';
import { clockTime, clockTimeMs, fullTime, fullTimeInZone } from './time-format';

const TS = Date.UTC(2026, 10, 27, 23, 4, 5, 67);
const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

describe('times', () => {
  it.each([
    ['utc', '2026-11-27 23:04:05.067', '23:04:05'],
    ['Asia/Tokyo', '2026-11-28 08:04:05.067', '08:04:05'],
    ['America/New_York', '2026-11-27 18:04:05.067', '18:04:05'],
  ])('are those of %s', (timeZone, full, clock) => {
    expect(fullTime(TS, timeZone)).toBe(full);
    expect(clockTime(TS, timeZone)).toBe(clock);
    expect(clockTimeMs(TS, timeZone)).toBe(`${clock}.067`);
  });

  it('say which zone they are in where nobody could know it', () => {
    expect(fullTimeInZone(TS, 'Asia/Tokyo')).toMatch(/^2026-11-28 08:04:05\.067 UTC\+09:?00$/);
  });

  it('are those of the browser when the dashboard says so', () => {
    const date = new Date(TS);
    const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part)).join(':');
    expect(clockTime(TS, 'browser')).toBe(clock);
    expect(fullTime(TS, 'browser')).toMatch(new RegExp(`^${date.getFullYear()}-.* ${clock}\\.067$`));
  });
});
