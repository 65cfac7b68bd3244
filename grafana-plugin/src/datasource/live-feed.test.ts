import type { FlowDetail, ServerFrame } from '@flow-tracking/protocol';
import { Observable, type Subscriber } from 'rxjs';
import { NO_FLOWS, reduceFlows, viewFlows } from '@flow-tracking/protocol/model';
import { chatEvents, FLOW_ID, T0 } from '../../../protocol/src/testing/sample-events';
import { viewStored } from '../../../protocol/src/testing/view-stored';
import type { LiveMessage } from './live-client';
import { createLiveFeed, type LiveFeed, type LiveState } from './live-feed';

const all = chatEvents();
const [whole] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: all }));
const detail: FlowDetail = { flow: whole!.flow, checkpoints: [...whole!.checkpoints], next_cursor: null };

let link: Subscriber<LiveMessage> | undefined;
let subscriptions = 0;
let wanted: string[] = [];
let loads: string[] = [];
let load: (cursor?: string) => Promise<FlowDetail>;
let feed: LiveFeed;

const frame = (value: ServerFrame): void => link?.next({ kind: 'frame', frame: value, receivedTs: T0 });
const events = (list: typeof all, userId = '123'): void => frame({ type: 'events', user_id: userId, events: list });

/** Watches users and keeps what was emitted. */
function watch(...users: string[]) {
  const states: LiveState[] = [];
  const subscription = feed.watch(users).subscribe((state) => states.push(state));
  return {
    states,
    last: () => states.at(-1)!,
    nodes: () => states.at(-1)?.flows[0]?.nodeCount ?? 0,
    stop: () => subscription.unsubscribe(),
  };
}

beforeEach(() => {
  jest.useFakeTimers();
  link = undefined;
  subscriptions = 0;
  loads = [];
  load = () => Promise.resolve(detail);
  feed = createLiveFeed({
    connect: (users) =>
      new Observable((subscriber) => {
        subscriptions++;
        link = subscriber;
        const own = users.subscribe((set) => (wanted = [...set]));
        return () => {
          own.unsubscribe();
          link = undefined;
        };
      }),
    loadFlow: (flowId, cursor) => {
      loads.push(flowId);
      return load(cursor);
    },
  });
});

afterEach(() => {
  jest.runOnlyPendingTimers();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('live feed', () => {
  it('shares one connection and closes it when the last watcher has been gone for a while', () => {
    const [a, b, c] = [watch('123'), watch('123'), watch('456')];
    expect([subscriptions, wanted]).toEqual([1, ['123', '456']]);
    a.stop();
    c.stop();
    jest.advanceTimersByTime(3_000);
    expect(wanted).toEqual(['123']);
    b.stop();
    expect(link).toBeDefined();
    jest.advanceTimersByTime(3_000);
    expect(link).toBeUndefined();
  });

  it('keeps what it has for a query that is run again', () => {
    const first = watch('123');
    events(all.slice(0, 4));
    first.stop();
    const second = watch('123');
    expect(second.nodes()).toBe(2);
    expect(subscriptions).toBe(1);
    second.stop();
  });

  it('gives the state at once and then at most every 50 ms', () => {
    const watcher = watch('123');
    expect(watcher.last()).toMatchObject({ ready: false, connection: { state: 'connecting' } });
    expect(watcher.last().lastEventTs).toBeNull();
    for (const event of all) events([event]);
    expect(watcher.states.length).toBe(2);
    expect(watcher.last().lastEventTs).toBe(T0);
    jest.advanceTimersByTime(50);
    expect(watcher.states.length).toBe(3);
    expect(watcher.nodes()).toBe(6);
    watcher.stop();
  });

  it('gives each user their own flows, and every monitored one to a watcher of all', () => {
    const [mine, other, everyone] = [watch('123'), watch('456'), watch('*')];
    frame({ type: 'monitoring', user_id: '123', enabled: true, expires_ts: T0 });
    frame({ type: 'monitoring', user_id: '456', enabled: false, expires_ts: null });
    events(all);
    jest.advanceTimersByTime(100);
    expect([mine.nodes(), other.nodes(), everyone.nodes()]).toEqual([6, 0, 6]);
    expect(other.last().monitoring).toEqual([{ userId: '456', enabled: false, expiresTs: null }]);
    expect(everyone.last().monitoring.map((grant) => grant.userId)).toEqual(['123']);
    [mine, other, everyone].forEach((watcher) => watcher.stop());
  });

  it('is ready with the first snapshot, and ends with the same tree after a gap', () => {
    const watcher = watch('123');
    events(all.slice(0, 5));
    link?.next({ kind: 'connection', connection: { state: 'reconnecting', reason: 'x' } });
    frame({ type: 'snapshot', user_id: '123', flows: [detail.flow], checkpoints: detail.checkpoints });
    jest.advanceTimersByTime(100);
    expect(watcher.last()).toMatchObject({ ready: true, connection: { state: 'reconnecting', reason: 'x' } });
    expect(watcher.last().flows.map(viewStored)[0]).toMatchObject({ flow: { status: 'ok' }, missing: [] });
    expect(loads).toEqual([]);
    watcher.stop();
  });

  it('joins the flows of several users, and is ready when the last of them is', () => {
    const other = { ...detail.flow, flow_id: '01K0000000ABCDEFGHJKMNPQRS', user_id: '456' };
    const watcher = watch('123', '456');
    expect(wanted).toEqual(['123', '456']);
    frame({ type: 'monitoring', user_id: '123', enabled: true, expires_ts: T0 });
    frame({ type: 'monitoring', user_id: '456', enabled: false, expires_ts: null });
    frame({ type: 'snapshot', user_id: '123', flows: [detail.flow], checkpoints: detail.checkpoints });
    jest.advanceTimersByTime(100);
    expect(watcher.last()).toMatchObject({ ready: false });
    frame({ type: 'snapshot', user_id: '456', flows: [other], checkpoints: [] });
    jest.advanceTimersByTime(100);
    expect(watcher.last().ready).toBe(true);
    expect(watcher.last().flows.map((flow) => flow.flowId)).toEqual([FLOW_ID, other.flow_id].sort().reverse());
    expect(watcher.last().monitoring.map((grant) => grant.userId)).toEqual(['123', '456']);
    watcher.stop();
  });

  it('tells the connection of several users at once, also when they go', () => {
    const seen: string[][] = [];
    const watcher = watch('123', '456');
    const inner = watch('456');
    seen.push([...wanted]);
    watcher.stop();
    jest.advanceTimersByTime(3_000);
    seen.push([...wanted]);
    expect(seen).toEqual([['123', '456'], ['456']]);
    inner.stop();
  });

  it('gives an error of the bridge to every watcher until it connects again or the users change', () => {
    const watcher = watch('123');
    frame({ type: 'error', code: 'too_many_subscriptions', message: 'At most 128 users a client' });
    jest.advanceTimersByTime(100);
    expect(watcher.last().problem).toEqual({ code: 'too_many_subscriptions', message: 'At most 128 users a client' });
    link?.next({ kind: 'connection', connection: { state: 'reconnecting', reason: 'x' } });
    jest.advanceTimersByTime(100);
    expect(watcher.last().problem).toBeNull();
    frame({ type: 'error', code: 'internal', message: 'x' });
    const second = watch('456');
    jest.advanceTimersByTime(100);
    expect(watcher.last().problem).toBeNull();
    [watcher, second].forEach((each) => each.stop());
  });

  it('says which flows a snapshot does not hold whole until history has given them', async () => {
    let give: (page: FlowDetail) => void = () => undefined;
    load = () => new Promise((resolve) => (give = resolve));
    const watcher = watch('123');
    const checkpoints = detail.checkpoints.slice(0, 2);
    frame({ type: 'snapshot', user_id: '123', flows: [detail.flow], checkpoints, truncated: [FLOW_ID] });
    await jest.advanceTimersByTimeAsync(100);
    expect([...watcher.last().partial]).toEqual([FLOW_ID]);
    expect(watcher.nodes()).toBe(2);
    give({ ...detail, checkpoints: detail.checkpoints.slice(0, 4), next_cursor: 'more' });
    await jest.advanceTimersByTimeAsync(100);
    expect([watcher.nodes(), watcher.last().partial.size]).toEqual([4, 1]);
    give({ ...detail, checkpoints: detail.checkpoints.slice(4) });
    await jest.advanceTimersByTimeAsync(100);
    expect([watcher.nodes(), watcher.last().partial.size]).toEqual([6, 0]);
    watcher.stop();
  });

  it('gives a flow that changed hands as the user has it who got the rest, whoever is watched first', () => {
    for (const users of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const watched = watch(...users);
      events(all.slice(0, 4), 'a');
      events(all, 'b');
      jest.advanceTimersByTime(50);
      expect(watched.last().flows.map((flow) => [flow.record().status, flow.nodeCount])).toEqual([['ok', 6]]);
      watched.stop();
      jest.advanceTimersByTime(3_000);
    }
  });

  it('goes on saying which flows of one user are not whole when the snapshot of another comes', () => {
    load = () => Promise.reject(new Error('history is away'));
    const everyone = watch('*');
    frame({ type: 'snapshot', user_id: 'a', flows: [detail.flow], checkpoints: [], truncated: [FLOW_ID] });
    frame({ type: 'snapshot', user_id: 'b', flows: [], checkpoints: [] });
    jest.advanceTimersByTime(50);
    expect([...everyone.last().partial]).toEqual([FLOW_ID]);
    everyone.stop();
  });

  it('asks history for a hole that does not close within a second', async () => {
    const watcher = watch('123');
    events(all.filter((event) => event.seq !== 5 && event.seq < 8));
    await jest.advanceTimersByTimeAsync(999);
    expect(loads).toEqual([]);
    await jest.advanceTimersByTimeAsync(101);
    expect(loads).toEqual([FLOW_ID]);
    expect(watcher.last().flows[0]?.missing()).toEqual([]);
    expect(watcher.nodes()).toBe(6);
    watcher.stop();
  });

  it('asks for no hole that closes by itself', async () => {
    const watcher = watch('123');
    events(all.filter((event) => event.seq !== 5));
    await jest.advanceTimersByTimeAsync(500);
    events(all.filter((event) => event.seq === 5));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(loads).toEqual([]);
    watcher.stop();
  });

  it('asks a few times for a hole that history does not have, then shows it', async () => {
    load = () => Promise.reject(new Error('flow_not_found'));
    const watcher = watch('123');
    events(all.slice(3));
    await jest.advanceTimersByTimeAsync(120_000);
    expect(loads).toHaveLength(4);
    expect(watcher.last().flows[0]?.missing()).toEqual([[0, 2]]);
    events(all.slice(3));
    await jest.advanceTimersByTimeAsync(120_000);
    expect(loads).toHaveLength(4);
    watcher.stop();
  });

  it('reads the pages of a flow that a snapshot does not hold whole', async () => {
    const query = watch('123');
    const { flow, checkpoints } = detail;
    const [first, ...rest] = checkpoints;
    load = (cursor) =>
      Promise.resolve(
        cursor === undefined
          ? { flow, checkpoints: checkpoints.slice(0, 2), next_cursor: 'more' }
          : { flow, checkpoints: checkpoints.slice(2), next_cursor: null },
      );
    frame({ type: 'snapshot', user_id: '123', flows: [flow], checkpoints: [first!], truncated: [FLOW_ID] });
    jest.advanceTimersByTime(100);
    expect(query.nodes()).toBe(1);
    await jest.advanceTimersByTimeAsync(100);
    expect(loads).toEqual([FLOW_ID, FLOW_ID]);
    expect(query.nodes()).toBe(rest.length + 1);
    query.stop();
  });
});
