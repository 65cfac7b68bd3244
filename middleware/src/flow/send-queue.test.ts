import { isSampled } from '../express/http-origin';
import { createHarness, outline, START_MS } from '../testing/harness';

const HOUR_MS = 3_600_000;
const unsampled = { isSampled: () => false };

describe('a flow that is sampled out', () => {
  it('is not recorded, and counted', () => {
    const { flow, events, heldFlows } = createHarness();
    const sampledOut = flow(unsampled);
    sampledOut.checkpoint('auth_check');
    sampledOut.identify({ userId: 'ann' });
    sampledOut.end();
    sampledOut.checkpoint('after the end');
    expect(events()).toEqual([]);
    expect(heldFlows.sampledOut).toBe(1);
  });

  it('is recorded from its start when its user turns out to be monitored', () => {
    const { flow, events, published, monitoring, heldFlows } = createHarness();
    monitoring.set('ann', START_MS + HOUR_MS);
    const kept = flow(unsampled);
    kept.checkpoint('auth_check');
    kept.identify({ userId: 'ann' });
    kept.checkpoint('llm_thinking');
    kept.end();
    expect(events().map(outline)).toEqual([
      '0 start POST /ask',
      '1 auth_check ok under top',
      '2 user ann',
      '3 llm_thinking ok under top',
      '4 end ok',
    ]);
    expect(published.get('ann')).toEqual(events());
    expect(heldFlows.sampledOut).toBe(0);
  });

  it('is recorded at once when its user becomes monitored while it hangs', () => {
    const { flow, events, published, monitoring } = createHarness();
    const hanging = flow({ ...unsampled, userId: () => 'ann' });
    hanging.begin('llm_thinking');
    flow({ ...unsampled, userId: () => 'bob' }).checkpoint('auth_check');
    expect(events()).toEqual([]);
    monitoring.set('ann', START_MS + HOUR_MS);
    expect(events().map(outline)).toEqual(['0 start POST /ask', '1 llm_thinking running under top']);
    expect(published.get('ann')).toEqual(events());
  });

  it('is found, too, when the whole set of the monitored is read again', () => {
    const { flow, events, monitoring } = createHarness();
    flow({ ...unsampled, userId: () => 'ann' }).begin('llm_thinking');
    monitoring.replace([['ann', START_MS + HOUR_MS]]);
    monitoring.replace([['ann', START_MS + HOUR_MS]]);
    expect(events()).toHaveLength(2);
  });

  it('keeps its beginning, within the memory that all such flows share', () => {
    const { flow, events, monitoring, heldFlows } = createHarness(undefined, 1000);
    const ended = flow(unsampled);
    for (let i = 0; i < 100; i++) ended.checkpoint('auth_check');
    ended.end();
    const hanging = flow({ ...unsampled, userId: () => 'ann' });
    for (let i = 0; i < 100; i++) hanging.checkpoint('auth_check');
    expect(heldFlows.take(500)).toBe(false);
    monitoring.set('ann', START_MS + HOUR_MS);
    hanging.end();
    const told = events().map(outline);
    // What the ended flow had kept was given back, else there would be no start.
    expect(told[0]).toBe('0 start POST /ask');
    expect(told.length).toBeLessThan(10);
    expect(told.at(-1)).toBe('101 end ok');
  });
});

describe('isSampled', () => {
  it.each<[unknown, number, boolean]>([
    [1, 0.999, true],
    [0, 0, false],
    [0.25, 0.24, true],
    [0.25, 0.25, false],
    [true, 0.999, true],
    [false, 0, false],
    [undefined, 0.999, true],
    [Number.NaN, 0.999, true],
    ['0', 0.999, true],
  ])('of %p with %p is %p', (share, random, expected) => {
    expect(isSampled(share, () => random)).toBe(expected);
  });
});
