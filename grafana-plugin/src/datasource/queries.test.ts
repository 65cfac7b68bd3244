import type { FlowPage } from '@flow-tracking/protocol';
import { firstValueFrom, take, toArray } from 'rxjs';
import type { Subject } from '../frames/meta';
import { NO_FLOWS, reduceFlows, viewFlows } from '../model/flows';
import { chatEvents, FLOW_ID } from '../testing/sample-events';
import { createClockOffset } from './clock-offset';
import { loadHistory, watchHistory, type HistoryApi } from './history-query';
import { subjectOf, subjectText } from './subject';
import { variableValues } from './variable-query';
import { liveUrl } from './ws-url';

const [view] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
const detail = { flow: view!.flow, checkpoints: [...view!.checkpoints], next_cursor: null };
const page: FlowPage = { flows: [view!.flow, view!.flow], next_cursor: null };
const notFound = new Error('session_not_found');
const calls: unknown[] = [];
const api: HistoryApi = {
  flows: (filter) => (calls.push(['flows', filter]), Promise.resolve(page)),
  flow: (id) => (calls.push(['flow', id]), Promise.resolve(detail)),
  session: (id) =>
    id === 's1'
      ? Promise.resolve({ session_id: id, flows: [detail.flow], checkpoints: detail.checkpoints, next_cursor: null })
      : Promise.reject(id === 'boom' ? new Error('boom') : notFound),
};
const range = { fromTs: 1, toTs: 2 };
const load = (subject: Partial<Subject>) =>
  loadHistory(api, { userId: null, sessionId: null, flowId: null, ...subject }, range, (error) => error === notFound);

beforeEach(() => {
  calls.length = 0;
});

describe('loadHistory', () => {
  it('reads a flow, a session, or the latest flows of a user with their checkpoints', async () => {
    expect((await load({ flowId: FLOW_ID, sessionId: 's1' }))[0]?.checkpoints).toHaveLength(6);
    expect((await load({ sessionId: 's1', userId: '123' }))[0]?.checkpoints).toHaveLength(6);
    calls.length = 0;
    expect((await load({ userId: '123' }))[0]?.checkpoints).toHaveLength(6);
    expect(calls[0]).toEqual(['flows', { user: '123', from: 1, to: 2, limit: 25 }]);
    expect(calls).toHaveLength(3);
  });

  it('finds nothing where there is nothing, and fails where something went wrong', async () => {
    expect(await load({ sessionId: 'unknown' })).toEqual([]);
    await expect(load({ sessionId: 'boom' })).rejects.toThrow('boom');
  });
});

describe('watchHistory', () => {
  it('reads again while a flow runs, and ends with it', async () => {
    jest.useFakeTimers();
    const running = { ...view!, flow: { ...view!.flow, status: 'running' as const, started_ts: Date.now() } };
    const answers = [[running], [running], [view!]];
    const all = firstValueFrom(watchHistory(() => Promise.resolve(answers.shift() ?? [])).pipe(take(9), toArray()));
    await jest.advanceTimersByTimeAsync(10_000);
    expect((await all).map((answer) => answer.changing)).toEqual([true, true, false]);
    jest.useRealTimers();
  });
});

describe('variableValues', () => {
  const source = {
    users: () => Promise.resolve({ users: [{ user_id: 'a', last_flow_ts: 1, flow_count: 1 }], has_more: false }),
    flows: api.flows,
  };

  it('lists users and sessions', async () => {
    expect(await variableValues(source, ' users() ')).toEqual(['a']);
    expect(await variableValues(source, 'sessions(123)')).toEqual(['s1']);
    expect(calls).toEqual([['flows', { user: '123', limit: 200 }]]);
    await variableValues(source, 'sessions(*)');
    expect(calls[1]).toEqual(['flows', { user: undefined, limit: 200 }]);
  });

  it('says what it expected', async () => {
    await expect(variableValues(source, 'flows')).rejects.toThrow(/expected users\(\) or sessions/);
  });
});

describe('subjectOf', () => {
  const replace = (text: string): string => text.replace('$user', '123').replace('$session', 's1');

  it('fills in variables; an empty user or * is every one', () => {
    expect(subjectOf({ refId: 'A', user: ' $user ' }, replace)).toEqual({
      userId: '123',
      sessionId: null,
      flowId: null,
    });
    expect(subjectOf({ refId: 'A', user: '*', session: '$session' }, replace).userId).toBeNull();
    expect(subjectOf({ refId: 'A', queryType: 'history', session: '$session' }, replace).sessionId).toBe('s1');
    expect(subjectOf({ refId: 'A' }, replace)).toEqual({ userId: null, sessionId: null, flowId: null });
  });

  it('reads in one line', () => {
    expect(subjectText({ refId: 'A' })).toBe('Live flows of every monitored user');
    expect(subjectText({ refId: 'A', queryType: 'history', session: 's1' })).toBe('Session s1');
    expect(subjectText({ refId: 'A', queryType: 'history', flow: 'f1', session: 's1' })).toBe('Flow f1');
    expect(subjectText({ refId: 'A', queryType: 'history' })).toBe('Latest flows of all users');
  });
});

describe('liveUrl', () => {
  it.each([
    ['/api/datasources/proxy/uid/x', '', 'http://h:3000', 'ws://h:3000/api/datasources/proxy/uid/x/ws/flows'],
    ['/api/datasources/proxy/uid/x/', '/grafana', 'https://h', 'wss://h/grafana/api/datasources/proxy/uid/x/ws/flows'],
    ['/grafana/api/x', '/grafana', 'https://h', 'wss://h/grafana/api/x/ws/flows'],
    ['https://other/api/x', '', 'http://h', 'wss://other/api/x/ws/flows'],
  ])('makes %s under %s at %s %s', (url, sub, origin, expected) => expect(liveUrl(url, sub, origin)).toBe(expected));
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
