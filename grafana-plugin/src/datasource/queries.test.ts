import { firstValueFrom, take, toArray } from 'rxjs';
import { NO_FLOWS, reduceFlows, type Flows } from '@flow-tracking/protocol/model';
import { chatEvents } from '../../../protocol/src/testing/sample-events';
import { createClockOffset } from './clock-offset';
import { watchHistory } from './history-query';
import type { HistoryAnswer } from './read-history';
import { liveUrls } from './live-urls';

const ended = reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() });
const running = reduceFlows(NO_FLOWS, {
  kind: 'events',
  events: chatEvents()
    .filter((event) => event.type !== 'flow_end')
    .map((event) => ({ ...event, ts: Date.now() })),
});

describe('watchHistory', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const answer = (flows: Flows): HistoryAnswer => ({ flows, notices: [] });

  it('reads again while a flow runs, and ends with it', async () => {
    const answers = [running, running, ended];
    const all = firstValueFrom(
      watchHistory(() => Promise.resolve(answer(answers.shift() ?? NO_FLOWS))).pipe(take(9), toArray()),
    );
    await jest.advanceTimersByTimeAsync(10_000);
    expect((await all).map((state) => state.progress)).toEqual(['changing', 'changing', 'done']);
  });

  it('shows parts of an answer that takes long, but not of one that is read again', async () => {
    let reads = 0;
    const states = watchHistory(async (_signal, onPart) => {
      onPart(running);
      await new Promise((resolve) => setTimeout(resolve, 300));
      onPart(running);
      onPart(running);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return answer(++reads === 1 ? running : ended);
    });
    const all = firstValueFrom(states.pipe(toArray()));
    await jest.advanceTimersByTimeAsync(20_000);
    expect((await all).map((state) => state.progress)).toEqual(['partial', 'changing', 'done']);
  });

  it('shows no part that the whole answer follows at once', async () => {
    const states = watchHistory(async (_signal, onPart) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      onPart(ended);
      return answer(ended);
    });
    const all = firstValueFrom(states.pipe(toArray()));
    await jest.advanceTimersByTimeAsync(1_000);
    expect((await all).map((state) => state.progress)).toEqual(['done']);
  });

  it('tells the reading when nobody wants it any more', () => {
    let signal: AbortSignal | undefined;
    const subscription = watchHistory((given) => {
      signal = given;
      return new Promise<HistoryAnswer>(() => undefined);
    }).subscribe();
    expect(signal?.aborted).toBe(false);
    subscription.unsubscribe();
    expect(signal?.aborted).toBe(true);
  });
});

describe('liveUrls', () => {
  it.each([
    ['/api/datasources/proxy/uid/x', '', 'http://h:3000', '://h:3000/api/datasources/proxy/uid/x'],
    ['/api/datasources/proxy/uid/x/', '/grafana', 'https://h', 's://h/grafana/api/datasources/proxy/uid/x'],
    ['/grafana/api/x', '/grafana', 'https://h', 's://h/grafana/api/x'],
    ['https://other/api/x', '', 'http://h', 's://other/api/x'],
  ])('makes %s under %s at %s %s', (url, sub, origin, expected) =>
    expect(liveUrls(url, sub, origin)).toEqual({
      url: `ws${expected}/ws/flows`,
      pollUrl: `http${expected}/api/v1/live`,
    }),
  );
});

describe('createClockOffset', () => {
  it('corrects a clock that is clearly off, by the fastest event', () => {
    const offset = (...pairs: [eventTs: number, receivedTs: number][]) => {
      const clock = createClockOffset();
      for (const [eventTs, receivedTs] of pairs) clock.observe([{ ts: eventTs }], receivedTs);
      return clock.offsetMs();
    };
    expect(offset()).toBe(0);
    expect(offset([1_000, 9_000], [2_000, 2_040])).toBe(0);
    expect(offset([60_000, 1_000], [61_000, 2_050])).toBe(-59_000);
    expect(offset([1_000, 61_000])).toBe(60_000);
  });
});
