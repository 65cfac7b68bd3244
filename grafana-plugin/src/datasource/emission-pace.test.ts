import { BUSY_MS, CALM_MS, createEmissionPace } from './emission-pace';

describe('the pace of emissions', () => {
  it('halves while events come by the hundred a second, and is as before after that', () => {
    const pace = createEmissionPace();
    const waits = [0, 2, 50, 100, 100, 39, 19, 20, 0].map((events) => {
      pace.count(events);
      return pace.next();
    });
    expect(waits).toEqual([CALM_MS, CALM_MS, BUSY_MS, BUSY_MS, BUSY_MS, CALM_MS, CALM_MS, BUSY_MS, CALM_MS]);
  });

  it('counts what comes in pieces', () => {
    const pace = createEmissionPace();
    for (let i = 0; i < 20; i++) pace.count(1);
    expect(pace.next()).toBe(BUSY_MS);
  });
});
