import { createClockOffset } from './clock-offset';

const T0 = 1_700_000_000_000;
const event = (ts: number) => [{ ts }];

describe('the offset of the browser’s clock', () => {
  it('is none until somebody has told the time', () => {
    expect(createClockOffset().offsetMs()).toBe(0);
  });

  it('is what the bridge tells until an event has come', () => {
    const clock = createClockOffset();
    clock.greet(T0, T0 + 90_000);
    expect(clock.offsetMs()).toBe(90_000);
    clock.greet(T0, T0 - 90_000);
    expect(clock.offsetMs()).toBe(-90_000);
    // The application's server, whose times are shown, is another 10 s behind.
    clock.observe(event(T0), T0 - 80_000);
    expect(clock.offsetMs()).toBe(-80_000);
  });

  it('is that of the event that was under way for the least time', () => {
    const clock = createClockOffset();
    clock.observe(event(T0), T0 + 68_000);
    clock.observe(event(T0 + 1_000), T0 + 61_000);
    clock.observe(event(T0 + 2_000), T0 + 70_000);
    expect(clock.offsetMs()).toBe(60_000);
  });

  it.each([0, 40, 5_000])('takes %i ms for the time that a frame is under way', (delayMs) => {
    const clock = createClockOffset();
    clock.greet(T0, T0 + delayMs);
    expect(clock.offsetMs()).toBe(0);
    clock.observe(event(T0), T0 + delayMs);
    expect(clock.offsetMs()).toBe(0);
  });

  it('tells how much longer the oldest event was under way than the quickest', () => {
    const clock = createClockOffset();
    expect(clock.observe(event(T0), T0 + 30)).toBe(0);
    expect(clock.observe([{ ts: T0 + 1_000 }, { ts: T0 + 1_400 }], T0 + 1_500)).toBe(470);
  });
});
