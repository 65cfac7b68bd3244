import type { FlowPage } from '@flow-tracking/protocol';
import { viewFlows } from '@flow-tracking/protocol/model';
import { NO_FLOWS, reduceFlows } from '@flow-tracking/protocol/model';
import { chatEvents } from '../../../../protocol/src/testing/sample-events';
import type { ReadIds } from '../read-ids';
import { listsAllOf, readVariableQuery } from './query';
import { variableValues, type VariableApi } from './values';

const [view] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
const calls: unknown[] = [];
const asked =
  <T>(answer: T) =>
  (filter?: object): Promise<T> => {
    calls.push(filter);
    return Promise.resolve(answer);
  };
const api: VariableApi = {
  users: asked({ users: [{ user_id: ' lead', last_flow_ts: 1, flow_count: 1 }], has_more: false }),
  flows: asked<FlowPage>({ flows: [view!.flow, view!.flow], next_cursor: null }),
  checkpoints: asked({ checkpoints: [{ checkpoint: 'llm', count: 1, errors: 0 }], has_more: false }),
  services: asked({ services: [{ service: 'chat', last_flow_ts: 1 }], has_more: false }),
};
const values = (saved: unknown, filled: Record<string, ReadIds> = {}) =>
  variableValues(
    api,
    readVariableQuery(saved),
    (text) => filled[text] ?? { ids: text === '' ? [] : [text], all: false },
    new AbortController().signal,
  );

beforeEach(() => {
  calls.length = 0;
});

describe('a variable that was saved as text', () => {
  it('lists what it names', async () => {
    expect(await values(' users() ')).toEqual([' lead']);
    expect(await values('checkpoints()')).toEqual(['llm']);
    expect(await values('services()')).toEqual(['chat']);
    expect(await values('sessions(123)')).toEqual(['s1']);
    expect(calls.at(-1)).toEqual({ user: ['123'], limit: 200 });
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

  it('asks for several users at once, whatever their ids hold', async () => {
    await values('sessions( $user )', { $user: { ids: [' a)', 'b,c', '#h?x&y=1'], all: false } });
    expect(calls).toEqual([{ user: [' a)', 'b,c', '#h?x&y=1'], limit: 200 }]);
  });

  it('says what it expected', async () => {
    await expect(Promise.resolve().then(() => values('flows'))).rejects.toThrow(/expected users\(\), sessions/);
  });
});

describe('a variable that was saved as an object', () => {
  it('searches for its text, and of sessions in their ids alone', async () => {
    await values({ select: 'users', search: 'LE' });
    expect(calls).toEqual([{ q: 'LE', limit: 500 }]);
    expect(await values({ select: 'sessions', search: 'S' })).toEqual(['s1']);
    expect(await values({ select: 'sessions', search: 'x' })).toEqual([]);
  });

  it('lists users when it says nothing', async () => {
    expect(await values({})).toEqual([' lead']);
    expect(await values(undefined)).toEqual([' lead']);
  });
});

describe('listsAllOf', () => {
  it.each([
    ['users()', 'users'],
    [{ query: 'users()' }, 'users'],
    [{ select: 'checkpoints' }, 'checkpoints'],
    [{ select: 'users', search: '$__searchFilter' }, 'users'],
    [{ select: 'users', search: 'a' }, null],
    ['sessions()', 'sessions'],
    ['sessions($user)', null],
    ['1,2', null],
    ['', null],
    [undefined, null],
  ])('of %j is %j', (saved, expected) => expect(listsAllOf(saved)).toBe(expected));
});
