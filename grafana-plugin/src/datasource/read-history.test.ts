import type { CheckpointRecord, FlowRecord } from '@flow-tracking/protocol';
import type { Target } from '../frames/meta';
import { NO_FLOWS, reduceFlows, viewFlows } from '@flow-tracking/protocol/model';
import { chatEvents } from '../../../protocol/src/testing/sample-events';
import { roughBytes, type HistoryLimits } from './history-budget';
import { readHistory, type HistoryApi } from './read-history';

const [view] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
const node = view!.checkpoints[0]!;
const notFound = new Error('not found');
const LIMITS: HistoryLimits = { flows: 4, sessionFlows: 5, ids: 3, checkpoints: 1_000, bytes: 1_000_000 };

const flowId = (number: number): string => `01K${String(number).padStart(23, '0')}`;

interface Stored {
  record: FlowRecord;
  checkpoints: CheckpointRecord[];
}

let stored: Stored[] = [];
let calls: string[] = [];
let pageSize = 10;

/** Stores a flow with so many checkpoints. */
function store(number: number, user: string, session: string, checkpoints = 1): string {
  const id = flowId(number);
  const started = 1_000 + number;
  const record = { ...view!.flow, flow_id: id, user_id: user, session_id: session, started_ts: started };
  stored.push({
    record: { ...record, checkpoint_count: checkpoints, status: 'ok' },
    checkpoints: Array.from({ length: checkpoints }, (_, i) => ({
      ...node,
      flow_id: id,
      node_id: i + 1,
      parent_id: null,
    })),
  });
  return id;
}

/** A page of a list: `cursor` is where it begins. */
function pageOf<T>(all: readonly T[], cursor: string | undefined, size: number) {
  const begin = Number(cursor ?? 0);
  return {
    items: all.slice(begin, begin + size),
    next_cursor: begin + size < all.length ? String(begin + size) : null,
  };
}

const newest = (flows: Stored[]) => [...flows].sort((a, b) => b.record.started_ts - a.record.started_ts);

const api: HistoryApi = {
  flows(filter, signal) {
    signal?.throwIfAborted();
    calls.push(`flows ${filter.user ?? 'all'} ${filter.cursor ?? ''}`);
    const own = newest(stored.filter(({ record }) => filter.user === undefined || record.user_id === filter.user));
    const { items, next_cursor } = pageOf(own, filter.cursor, Math.min(pageSize, filter.limit ?? 50));
    return Promise.resolve({ flows: items.map((item) => item.record), next_cursor });
  },
  flow(id, cursor, signal) {
    signal?.throwIfAborted();
    calls.push(`flow ${id} ${cursor ?? ''}`);
    const found = stored.find(({ record }) => record.flow_id === id);
    if (found === undefined) return Promise.reject(notFound);
    const { items, next_cursor } = pageOf(found.checkpoints, cursor, pageSize);
    return Promise.resolve({ flow: found.record, checkpoints: items, next_cursor });
  },
  session(id, cursor, signal) {
    signal?.throwIfAborted();
    calls.push(`session ${id} ${cursor ?? ''}`);
    const own = newest(stored.filter(({ record }) => record.session_id === id));
    if (own.length === 0) return Promise.reject(notFound);
    const { items, next_cursor } = pageOf(own, cursor, 2);
    return Promise.resolve({
      session_id: id,
      flows: items.map((item) => item.record),
      checkpoints: items.flatMap((item) => item.checkpoints),
      next_cursor,
    });
  },
};

function read(target: Target, options: { limits?: Partial<HistoryLimits>; signal?: AbortSignal } = {}) {
  const parts: number[] = [];
  const answer = readHistory({
    api,
    target,
    range: { fromTs: 1, toTs: 2 },
    limits: { ...LIMITS, ...options.limits },
    signal: options.signal ?? new AbortController().signal,
    isNotFound: (error) => error === notFound,
    onPart: (flows) => parts.push(viewFlows(flows).reduce((sum, each) => sum + each.checkpoints.length, 0)),
  });
  return answer.then(({ flows, notices }) => ({
    shown: viewFlows(flows).map((each) => `${Number(each.flow.flow_id.slice(3))}:${each.checkpoints.length}`),
    missing: viewFlows(flows).flatMap((each) => each.missing),
    texts: notices.map((notice) => notice.text),
    parts,
  }));
}

beforeEach(() => {
  stored = [];
  calls = [];
  pageSize = 10;
});

describe('readHistory', () => {
  it.each(['user', 'session', 'flow'] as const)(
    'asks nothing, and shows nothing, when no %s is named',
    async (select) => {
      store(1, 'a', 's1');
      expect(await read({ select, ids: [] })).toMatchObject({ shown: [], texts: [] });
      expect(calls).toEqual([]);
    },
  );

  it('gives a user their own flows, and everyone only when that was asked for', async () => {
    store(1, 'a', 's1');
    store(2, 'b', 's2');
    expect((await read({ select: 'user', ids: ['a'] })).shown).toEqual(['1:1']);
    expect((await read({ select: 'user', ids: ['nobody'] })).shown).toEqual([]);
    expect((await read({ select: 'everyone', ids: [] })).shown).toEqual(['2:1', '1:1']);
  });

  it('merges the latest flows of several users, and says what is left out', async () => {
    for (let i = 1; i <= 3; i++) store(i, 'a', 's1');
    for (let i = 4; i <= 6; i++) store(i, 'b', 's2');
    store(7, 'd', 's3');
    const { shown, texts } = await read({ select: 'user', ids: ['a', 'b', 'c', 'd'] });
    expect(shown).toEqual(['6:1', '5:1', '4:1', '3:1']);
    expect(texts).toEqual([
      'Only 3 of 4 users are queried; the others are left out.',
      'Showing the latest 4 flows; older ones in this time range are left out.',
    ]);
  });

  it('follows pages of a list, however short they are, up to the limit', async () => {
    for (let i = 1; i <= 4; i++) store(i, 'a', 's1');
    pageSize = 1;
    const { shown, texts } = await read({ select: 'user', ids: ['a'] });
    expect(shown).toEqual(['4:1', '3:1', '2:1', '1:1']);
    expect(texts).toEqual([]);
  });

  it('follows a flow to its end and shows it page by page', async () => {
    const id = store(1, 'a', 's1', 35);
    const { shown, texts, parts, missing } = await read({ select: 'flow', ids: [id] });
    expect([shown, texts, missing]).toEqual([['1:35'], [], []]);
    expect(parts).toEqual([10, 20, 30, 35]);
  });

  it('stops at the limit of checkpoints and says how many there are', async () => {
    const id = store(1, 'a', 's1', 35);
    const { shown, texts, missing } = await read({ select: 'flow', ids: [id] }, { limits: { checkpoints: 20 } });
    expect([shown, missing]).toEqual([['1:20'], []]);
    expect(texts).toEqual(['Showing 20 of 35 checkpoints; the others are left out.']);
    expect(calls).toHaveLength(2);
  });

  it('stops at the limit of bytes', async () => {
    const id = store(1, 'a', 's1', 35);
    for (const each of stored[0]!.checkpoints) each.attributes = { text: 'x'.repeat(10_000) };
    const { shown, texts } = await read({ select: 'flow', ids: [id] }, { limits: { bytes: 50_000 } });
    expect(shown).toEqual(['1:10']);
    expect(texts).toEqual(['Showing 10 of 35 checkpoints; the others are left out.']);
  });

  it('reads all flows of a session, and of one with too many says which', async () => {
    for (let i = 1; i <= 5; i++) store(i, 'a', 'small');
    for (let i = 11; i <= 17; i++) store(i, 'a', 'large');
    expect(await read({ select: 'session', ids: ['small'] })).toMatchObject({
      shown: ['5:1', '4:1', '3:1', '2:1', '1:1'],
      texts: [],
    });
    const { shown, texts } = await read({ select: 'session', ids: ['large'] });
    expect(shown).toHaveLength(6);
    expect(texts).toEqual(['Showing the latest 6 flows of the session; older ones are left out.']);
  });

  it('reads no further session once the limit is reached, and says so', async () => {
    const ids = Array.from({ length: 8 }, (_, i) => `s${i}`);
    for (const [i, id] of ids.entries()) store(i, 'a', id, 12);
    const { texts } = await read({ select: 'session', ids }, { limits: { ids: 8, checkpoints: 10 } });
    // Four are read at once.
    expect(calls).toHaveLength(4);
    expect(texts).toEqual(['Only 4 of 8 sessions are queried; the others are left out.']);
  });

  it('does not claim that there are older flows when it stops within one', async () => {
    store(1, 'a', 's', 35);
    const [{ record, checkpoints }] = stored as [Stored];
    const page = { session_id: 's', flows: [record], checkpoints: checkpoints.slice(0, 20), next_cursor: 'rest' };
    jest.spyOn(api, 'session').mockResolvedValue(page);
    const { shown, texts } = await read({ select: 'session', ids: ['s'] }, { limits: { checkpoints: 20 } });
    expect(shown).toEqual(['1:20']);
    expect(texts).toEqual([
      'Showing the latest flow of the session; older ones, if there are any, are left out.',
      'Showing 20 of 35 checkpoints; the others are left out.',
    ]);
    jest.restoreAllMocks();
  });

  it('joins a flow of a session that goes on on the next page', async () => {
    store(1, 'a', 's', 35);
    const [{ record, checkpoints }] = stored as [Stored];
    const page = { session_id: 's', flows: [record] };
    jest
      .spyOn(api, 'session')
      .mockResolvedValueOnce({ ...page, checkpoints: checkpoints.slice(0, 20), next_cursor: 'rest' })
      .mockResolvedValueOnce({ ...page, checkpoints: checkpoints.slice(20), next_cursor: null });
    expect(await read({ select: 'session', ids: ['s'] })).toMatchObject({ shown: ['1:35'], texts: [], missing: [] });
    jest.restoreAllMocks();
  });

  it('finds nothing where there is nothing, and fails where something went wrong', async () => {
    expect((await read({ select: 'session', ids: ['unknown'] })).shown).toEqual([]);
    expect((await read({ select: 'flow', ids: [flowId(9), '.', 'session'] })).shown).toEqual([]);
    expect(calls).toEqual(['session unknown ', `flow ${flowId(9)} `]);
    const boom = { ...api, session: () => Promise.reject(new Error('boom')) };
    jest.spyOn(api, 'session').mockImplementation(boom.session);
    await expect(read({ select: 'session', ids: ['s'] })).rejects.toThrow('boom');
    jest.restoreAllMocks();
  });

  it('fails instead of reading for ever when a page names itself as the next', async () => {
    const id = store(1, 'a', 's1');
    const again = { flow: stored[0]!.record, checkpoints: [], next_cursor: 'again' };
    jest.spyOn(api, 'flow').mockResolvedValue(again);
    await expect(read({ select: 'flow', ids: [id] })).rejects.toThrow(/same page/);
    jest.restoreAllMocks();
  });

  it('ends when nobody wants the answer any more', async () => {
    const id = store(1, 'a', 's1', 35);
    const abort = new AbortController();
    const flow = api.flow;
    jest.spyOn(api, 'flow').mockImplementation((...args) => {
      const page = flow(...args);
      abort.abort();
      return page;
    });
    await expect(read({ select: 'flow', ids: [id] }, { signal: abort.signal })).rejects.toThrow(/abort/i);
    expect(calls).toHaveLength(1);
    jest.restoreAllMocks();
  });
});

describe('roughBytes', () => {
  it('is near the length of the JSON text, and takes any depth', () => {
    const value = { a: 'x'.repeat(1_000), b: [1, 2, { c: null }] };
    expect(roughBytes(value) / JSON.stringify(value).length).toBeGreaterThan(0.9);
    let deep: unknown = 'end';
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(roughBytes(deep)).toBeGreaterThan(100_000);
  });
});
