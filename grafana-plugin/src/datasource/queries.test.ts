import type { FlowPage } from '@flow-tracking/protocol';
import { firstValueFrom, take, toArray } from 'rxjs';
import { NO_FLOWS, reduceFlows, viewFlows, type Flows } from '@flow-tracking/protocol/model';
import { chatEvents } from '../../../protocol/src/testing/sample-events';
import { createClockOffset } from './clock-offset';
import { watchHistory } from './history-query';
import type { HistoryAnswer } from './read-history';
import type { ReadIds } from './read-ids';
import { variableValues } from './variable-query';
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

describe('variableValues', () => {
  const [view] = viewFlows(ended);
  const calls: unknown[] = [];
  const source = {
    users: () => Promise.resolve({ users: [{ user_id: 'a', last_flow_ts: 1, flow_count: 1 }], has_more: false }),
    flows: (filter: { user?: string }): Promise<FlowPage> => {
      calls.push(filter);
      return Promise.resolve({ flows: [view!.flow, view!.flow], next_cursor: null });
    },
  };
  const values = (query: string, filled: Record<string, ReadIds> = {}) =>
    variableValues(source, query, (text) => filled[text] ?? { ids: text === '' ? [] : [text], all: false });

  beforeEach(() => {
    calls.length = 0;
  });

  it('lists users and sessions', async () => {
    expect(await values(' users() ')).toEqual(['a']);
    expect(await values('sessions(123)')).toEqual(['s1']);
    expect(calls).toEqual([{ user: '123', limit: 200 }]);
  });

  it('asks for everyone only when that is what was written or chosen', async () => {
    await values('sessions(*)');
    await values('sessions()');
    await values('sessions($user)', { $user: { ids: ['1'], all: true } });
    expect(calls).toEqual([{ limit: 200 }, { limit: 200 }, { limit: 200 }]);
  });

  it('asks for nobody when the variable has no value', async () => {
    expect(await values('sessions($user)', { $user: { ids: [], all: false } })).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('asks for each of several users, whatever their ids hold', async () => {
    await values('sessions( $user )', { $user: { ids: [' a)', 'b,c'], all: false } });
    expect(calls).toEqual([
      { user: ' a)', limit: 200 },
      { user: 'b,c', limit: 200 },
    ]);
  });

  it('says what it expected', async () => {
    await expect(values('flows')).rejects.toThrow(/expected users\(\) or sessions/);
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
      for (const [eventTs, receivedTs] of pairs) clock.observe(eventTs, receivedTs);
      return clock.offsetMs();
    };
    expect(offset()).toBe(0);
    expect(offset([1_000, 9_000], [2_000, 2_040])).toBe(0);
    expect(offset([60_000, 1_000], [61_000, 2_050])).toBe(-59_000);
    expect(offset([1_000, 61_000])).toBe(60_000);
  });
});
