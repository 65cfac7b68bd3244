import type { FlowPage, FlowRecord } from '@flow-tracking/protocol';
import { NO_FLOWS, reduceFlows, viewFlows } from '@flow-tracking/protocol/model';
import type { DataQueryResponse } from '@grafana/data';
import { firstValueFrom, toArray } from 'rxjs';
import { chatEvents } from '../../../../protocol/src/testing/sample-events';
import type { BridgeApi } from '../../bridge-api';
import { migrateQuery } from '../migrate-query';
import type { ReadIds } from '../read-ids';
import { readAnnotationsQuery } from './annotations/query';
import { runAnnotations } from './annotations/run';
import { readCheckpointStatsQuery } from './checkpoint-stats/query';
import { runCheckpointStats } from './checkpoint-stats/run';
import { fillQuery } from './fill-query';
import { readFilters } from './filters';
import { readFlowListQuery } from './flow-list/query';
import { runFlowList } from './flow-list/run';
import { readMonitoredUsersQuery } from './monitored-users/query';
import { runMonitoredUsers } from './monitored-users/run';
import { createCellLinks } from './links';
import type { QueryRun, QueryTools } from './query-kind';
import { runningFrame } from './running/frame';

const visited: string[] = [];
const links = createCellLinks('a b', (path) => visited.push(path));

const [view] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
const flow: FlowRecord = view!.flow;
const NONE: ReadIds = { ids: [], all: false };

function runOf(filled: Record<string, ReadIds> = {}): QueryRun {
  return {
    key: 'k',
    refId: 'A',
    range: { fromTs: 1_000, toTs: 2_000 },
    intervalMs: 60_000,
    read: (text) => filled[text] ?? { ids: [text], all: false },
  };
}

/** What a query asks the bridge for, and what comes of it. */
async function answerOf(
  run: (tools: QueryTools) => ReturnType<typeof runFlowList>,
  api: Partial<Record<keyof BridgeApi, (...given: never[]) => unknown>>,
): Promise<{ calls: unknown[]; answer: DataQueryResponse }> {
  const calls: unknown[] = [];
  const recorded = Object.fromEntries(
    Object.entries(api).map(([name, answer]) => [
      name,
      (...given: never[]) => {
        calls.push(given[0]);
        return Promise.resolve(answer(...given));
      },
    ]),
  ) as unknown as BridgeApi;
  const answers = await firstValueFrom(
    run({ api: recorded, prices: null, links } as unknown as QueryTools).pipe(toArray()),
  );
  return { calls, answer: answers.at(-1)! };
}

describe('a flow list', () => {
  const ask = (saved: object, pages: FlowPage[], filled = {}) =>
    answerOf((tools) => runFlowList(readFlowListQuery({ refId: 'A', ...saved }), runOf(filled), tools), {
      flows: () => pages.shift() ?? { flows: [], next_cursor: null },
    });

  it('takes statuses of a variable, all of which are no filter, and none of which is nothing', async () => {
    const asked = async (ids: string[]) =>
      (await ask({ status: ['lost', '$status'] }, [], { $status: { ids, all: false } })).calls.map(
        (call) => (call as { status?: string[] }).status,
      );
    expect(await asked(['error', 'timed_out'])).toEqual([['error', 'timed_out', 'lost']]);
    expect(await asked(['running', 'ok', 'error', 'aborted', 'timed_out'])).toEqual([undefined]);
    const none = await ask({ status: ['$status'] }, [], { $status: { ids: [], all: false } });
    expect(none.calls).toEqual([]);
  });

  it('asks with all its filters, and several values at once', async () => {
    const saved = {
      user: '$user',
      checkpoint: 'llm',
      status: ['error', 'none'],
      minDurationMs: '5000',
      text: 'x',
      limit: 10,
    };
    const { calls } = await ask(saved, [], { $user: { ids: ['#h?x&y=1', ' lead'], all: false } });
    expect(calls).toEqual([
      {
        user: ['#h?x&y=1', ' lead'],
        checkpoint: ['llm'],
        status: ['error'],
        min_duration_ms: 5_000,
        q: 'x',
        from: 1_000,
        to: 2_000,
        limit: 10,
        cursor: undefined,
      },
    ]);
  });

  it('reads pages to the limit, and says what is left out', async () => {
    const page = (n: number): FlowPage => ({ flows: Array<FlowRecord>(n).fill(flow), next_cursor: 'more' });
    const { calls, answer } = await ask({ limit: 5 }, [page(3), page(2)]);
    expect(calls).toMatchObject([{ limit: 5 }, { limit: 2, cursor: 'more' }]);
    expect(answer.data[0]).toMatchObject({
      length: 5,
      refId: 'A',
      meta: { notices: [{ text: 'Showing the latest 5 flows; older ones in this time range are left out.' }] },
    });
  });

  it('shows nobody’s flows when a filter is a variable without a value', async () => {
    for (const field of ['user', 'session', 'service', 'checkpoint']) {
      const { calls, answer } = await ask({ [field]: '$x' }, [], { $x: NONE });
      expect([calls, answer.state, (answer.data[0] as { length: number }).length]).toEqual([[], 'Done', 0]);
    }
  });

  it('says what is wrong with a duration or an id', async () => {
    const failed = async (saved: object) => (await ask(saved, [])).answer.errors?.[0]?.message;
    expect(await failed({ minDurationMs: 'soon' })).toMatch(/no number of milliseconds/);
    expect(await failed({ user: 'ü'.repeat(200) })).toMatch(/400 bytes/);
  });

  it('has links from users, sessions and flows, and units', async () => {
    const { answer } = await ask({}, [{ flows: [flow], next_cursor: null }]);
    const config = (name: string) =>
      (
        answer.data[0] as { fields: { name: string; config: { unit?: string; links?: { url: string }[] } }[] }
      ).fields.find((field) => field.name === name)?.config;
    expect(config('duration_ms')?.unit).toBe('ms');
    const user = '/d/flow-live/live-flows?var-user=${__value.raw:percentencode}&var-datasource=a%20b';
    expect(config('user_id')?.links?.[0]?.url).toBe(user);
    expect(config('flow_id')?.links?.[0]?.url).toContain('var-session=${__data.fields.session_id:percentencode}');
  });
});

describe('filters', () => {
  it('take "All" of their kind for no filter, and of others for the values', () => {
    const read = runOf({ $u: { ids: ['1'], all: true } }).read;
    expect(readFilters({ refId: 'A', user: '$u', service: '*' }, ['user', 'service'], read).values).toEqual({});
  });

  it('stay within what an address may hold, and say what they leave out', () => {
    const ids = Array.from({ length: 50 }, (_, i) => `${i}${'ü'.repeat(120)}`);
    const { values, notices } = readFilters({ refId: 'A', user: '$u' }, ['user'], () => ({ ids, all: false }));
    expect(encodeURIComponent((values.user ?? []).join('')).length).toBeLessThan(6_000);
    expect(notices[0]?.text).toMatch(/^Only \d of 50 users are queried/);
  });
});

describe('checkpoint statistics', () => {
  it('ask for nothing when their checkpoint has no value', async () => {
    const query = readCheckpointStatsQuery({ refId: 'A', checkpoint: '$c' });
    const { calls, answer } = await answerOf((tools) => runCheckpointStats(query, runOf({ $c: NONE }), tools), {
      checkpointStats: () => null,
    });
    expect([calls, answer.data]).toEqual([[], []]);
  });
});

describe('monitored users', () => {
  it('are those of the filter alone', async () => {
    const grant = (user_id: string) => ({ user_id, enabled_ts: 1, expires_ts: 2, enabled_by: null, reason: 'why' });
    const { answer } = await answerOf(
      (tools) => runMonitoredUsers(readMonitoredUsersQuery({ refId: 'A', user: 'b' }), runOf(), tools),
      { monitoring: () => ({ grants: [grant('a'), grant('b')] }) },
    );
    expect(answer.data[0]).toMatchObject({ length: 1 });
  });
});

describe('annotations', () => {
  const ask = (saved: object, api: Parameters<typeof answerOf>[1]) =>
    answerOf((tools) => runAnnotations(readAnnotationsQuery({ refId: 'A', ...saved }), runOf(), tools), api);
  const values = (answer: DataQueryResponse, name: string): unknown[] =>
    (answer.data[0] as { fields: { name: string; values: unknown[] }[] }).fields.find((field) => field.name === name)
      ?.values ?? [];

  it('mark flows that failed, with what was recorded as text and no markup', async () => {
    const failed = { ...flow, name: '<b>', error: { type: 'E', message: '<img src=x onerror=alert(1)>' } };
    const { calls, answer } = await ask({}, { flows: () => ({ flows: [failed], next_cursor: 'x' }) });
    expect(calls).toMatchObject([{ status: ['error', 'timed_out', 'lost'], from: 1_000, to: 2_000, limit: 100 }]);
    expect(values(answer, 'title')).toEqual(['&lt;b&gt; failed']);
    expect(values(answer, 'text')[0]).toContain('&lt;img');
    expect(answer.data[0].meta.notices).toHaveLength(1);
  });

  it('mark slow checkpoints as spans, by factor or from a duration on', async () => {
    const slow = {
      ...view!.checkpoints[0]!,
      session_id: 's',
      user_id: null,
      service: 'chat',
      duration_ms: 500,
      limit_ms: 100,
    };
    const api = { slowCheckpoints: () => ({ checkpoints: [slow], looked_back_to_ts: null, has_more: false }) };
    const { calls, answer } = await ask({ annotate: 'slow', factor: 3 }, api);
    expect(calls).toMatchObject([{ factor: 3 }]);
    expect((values(answer, 'timeEnd')[0] as number) - (values(answer, 'time')[0] as number)).toBe(500);
    expect((await ask({ annotate: 'slow', minDurationMs: '250' }, api)).calls).toMatchObject([
      { min_duration_ms: 250 },
    ]);
  });

  it('mark who switched monitoring', async () => {
    const entry = { id: 1, ts: 5, action: 'enable', user_id: 'ada', actor: 'eve', expires_ts: 9, reason: 'slow & odd' };
    const { answer } = await ask(
      { annotate: 'monitoring' },
      { audit: () => ({ entries: [entry], next_cursor: null }) },
    );
    expect(values(answer, 'title')).toEqual(['Monitoring of ada switched on']);
    expect(values(answer, 'text')).toEqual(['by eve: slow &amp; odd']);
  });
});

describe('what runs', () => {
  it('tells how long a flow has run, and what it has waited for how long', () => {
    const open = { node_id: 3, parent_id: null, checkpoint: 'tool_call', started_ts: 1_500 };
    const frame = runningFrame(
      {
        now_ts: 4_000,
        has_more: false,
        flows: [
          {
            flow: { ...flow, started_ts: 1_000 },
            open: [{ ...open, attributes: { 'gen_ai.tool.name': 'search' } }],
            open_count: 2,
          },
          { flow: { ...flow, started_ts: 5_000 }, open: [], open_count: 0 },
        ],
      },
      links,
    );
    const of = (name: string) => frame.fields.find((field) => field.name === name)?.values;
    expect([of('running_ms'), of('waiting_ms'), of('checkpoint'), of('tool')]).toEqual([
      [3_000, 0],
      [2_500, null],
      ['tool_call', null],
      ['search', null],
    ]);
  });
});

describe('fillQuery', () => {
  const read = runOf({ $u: { ids: ['a', 'b'], all: false }, $none: NONE, $all: { ids: ['a'], all: true } }).read;

  it('makes a query for each of several values, and keeps a variable without one', () => {
    const filled = (query: object) => fillQuery({ refId: 'A', queryType: 'flow-list', ...query }, read);
    expect(filled({ user: '$u' }).map(({ refId, user }) => [refId, user])).toEqual([
      ['A', 'a'],
      ['A2', 'b'],
    ]);
    expect(filled({ user: '$none' }).map(({ user }) => user)).toEqual(['$none']);
    expect(filled({ user: '$all' }).map(({ user }) => user)).toEqual(['']);
  });

  it('keeps the filters of a list as its editor leaves it, with a selection that says nothing there', () => {
    const query = readFlowListQuery(migrateQuery({ refId: 'A', queryType: 'flow-list', service: '$u', session: 's' }));
    expect(query.select).toBeDefined();
    expect(fillQuery(query, read).map(({ service, session }) => [service, session])).toEqual([
      ['a', 's'],
      ['b', 's'],
    ]);
  });
});

describe('the links of cells', () => {
  it('go to the address as it is filled in, whatever Grafana makes of it, and to the same datasource', () => {
    const isPrevented: boolean[] = [];
    const e = { preventDefault: () => isPrevented.push(true) };
    const replaceVariables = (text: string) => text.replaceAll(/\$\{__data.fields.(\w+):percentencode\}/g, '%23$1');
    for (const { onClick } of [links.session(), links.flow()]) onClick?.({ e, origin: {}, replaceVariables });
    expect(visited.map((path) => new URL(path, 'http://grafana').searchParams)).toEqual([
      new URLSearchParams({
        'var-user': '#user_id',
        'var-session': '#session_id',
        'var-datasource': 'a b',
        '${__url_time_range}': '',
      }),
      new URLSearchParams({
        'var-user': '#user_id',
        'var-session': '#session_id',
        'fp-1-flow': '#flow_id',
        'var-datasource': 'a b',
        '${__url_time_range}': '',
      }),
    ]);
    expect(isPrevented).toEqual([true, true]);
  });
});
