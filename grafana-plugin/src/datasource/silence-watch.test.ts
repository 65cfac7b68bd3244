import { createSilenceWatch, PATIENCE } from './silence-watch';

describe('createSilenceWatch', () => {
  /** What it says at each check from `fromTs` on, until it gives up or the time is over. */
  const steps = (watch: ReturnType<typeof createSilenceWatch>, fromTs: number, forMs: number, busy = false) => {
    const said: string[] = [];
    for (let ts = fromTs; ts <= fromTs + forMs && said.at(-1)?.startsWith('give_up') !== true; ts += 500) {
      const step = watch.check(ts, busy);
      if (step !== 'wait') said.push(`${step} ${ts}`);
    }
    return said;
  };

  it('asks after a while of silence, calls it stale, and gives it up within 5 s', () => {
    const watch = createSilenceWatch(PATIENCE);
    watch.onHeard(0);
    expect(steps(watch, 500, 10_000)).toEqual(['ping 1500', 'stale 3000', 'stale 3500', 'stale 4000', 'give_up 4500']);
  });

  it('is content with any word', () => {
    const watch = createSilenceWatch(PATIENCE);
    watch.onHeard(0);
    expect(steps(watch, 500, 1_000)).toEqual(['ping 1500']);
    watch.onHeard(1_600);
    expect(steps(watch, 2_000, 1_000)).toEqual([]);
    expect(steps(watch, 3_500, 0)).toEqual(['ping 3500']);
  });

  it('does not give up for what is large and under way', () => {
    const watch = createSilenceWatch(PATIENCE);
    watch.onHeard(0);
    expect(steps(watch, 500, 60_000, true).at(-1)).toBe('give_up 26500');
  });

  it('does not take its own pause, in which it could not read an answer, for silence', () => {
    const watch = createSilenceWatch(PATIENCE);
    watch.onHeard(0);
    expect([watch.check(1_500, false), watch.check(60_000, false), watch.check(60_001, false)]).toEqual([
      'ping',
      'wait',
      'wait',
    ]);
  });
});
