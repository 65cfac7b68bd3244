import { BUSY_MS, CALM_MS, createEmissionPace, LATE_MS, type EmissionPace } from './emission-pace';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** How long the next emission waits. @param meanwhile is called after so many ms */
function waitOf(pace: EmissionPace, meanwhile?: { afterMs: number; call: () => void }): number {
  const startedMs = Date.now();
  let dueMs = Number.NaN;
  pace.next().subscribe(() => (dueMs = Date.now()));
  if (meanwhile !== undefined) setTimeout(meanwhile.call, meanwhile.afterMs);
  jest.runAllTimers();
  return dueMs - startedMs;
}

describe('the pace of emissions', () => {
  it('halves while events come by the hundred a second, and is as before after that', () => {
    const pace = createEmissionPace();
    const waits = [0, 2, 50, 100, 100, 39, 19, 20, 0].map((events) => {
      pace.count(events);
      return waitOf(pace);
    });
    expect(waits).toEqual([CALM_MS, CALM_MS, BUSY_MS, BUSY_MS, BUSY_MS, CALM_MS, CALM_MS, BUSY_MS, CALM_MS]);
  });

  it('counts what comes in pieces', () => {
    const pace = createEmissionPace();
    for (let i = 0; i < 20; i++) pace.count(1);
    expect(waitOf(pace)).toBe(BUSY_MS);
  });

  it.each([
    { lateMs: LATE_MS, afterMs: 70, waitMs: 70 },
    { lateMs: LATE_MS, afterMs: 10, waitMs: CALM_MS },
    { lateMs: LATE_MS - 1, afterMs: 70, waitMs: BUSY_MS },
  ])(
    'lets what was $lateMs ms too long under way, and comes after $afterMs ms, wait until $waitMs ms have passed',
    ({ lateMs, afterMs, waitMs }) => {
      const pace = createEmissionPace();
      pace.count(100);
      expect(waitOf(pace, { afterMs, call: () => pace.count(1, lateMs) })).toBe(waitMs);
    },
  );
});
