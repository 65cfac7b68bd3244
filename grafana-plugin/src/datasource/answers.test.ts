import type { DataQueryResponse } from '@grafana/data';
import { concat, firstValueFrom, from, map, of, timer, toArray, type Observable } from 'rxjs';
import type { FlowFrameMeta, Target } from '../frames/meta';
import { createFlowStore, type FlowInput, type StoredFlow } from '@flow-tracking/protocol/model';
import { chatEvents, FLOW_ID } from '../../../protocol/src/testing/sample-events';
import { viewStored } from '../../../protocol/src/testing/view-stored';
import { answerHistory, answerLive, type Asked } from './answers';
import type { LiveFeed, LiveState } from './live-feed';
import type { HistoryApi } from './read-history';

const asked = (target: Target): Asked => ({ key: 'k', refId: 'A', target, range: { fromTs: 1, toTs: 2 } });
const all = (answer: Observable<DataQueryResponse>) => firstValueFrom(answer.pipe(toArray()));
const flowsOf = (input: FlowInput): readonly StoredFlow[] => {
  const store = createFlowStore();
  store.apply(input);
  return store.flows();
};
const flows = flowsOf({ kind: 'events', events: chatEvents() });

const past = { byName: { llm: { count: 20, errors: 0, p50Ms: 1, p95Ms: 2 } } };
/** Known a moment later than the flows. */
const late = concat(of({ history: null }), timer(5).pipe(map(() => ({ history: past }))));

describe('answerLive', () => {
  const quiet: LiveState = {
    connection: { state: 'live', reason: null },
    flows,
    monitoring: [],
    ready: true,
    problem: null,
    partial: new Set(),
    clockOffsetMs: 0,
    lastEventTs: null,
  };
  const watched: (readonly string[])[] = [];
  const feedOf = (state: Partial<LiveState>): LiveFeed => ({
    watch(users) {
      watched.push(users);
      return of({ ...quiet, ...state });
    },
  });
  const problem = { code: 'too_many_subscriptions', message: 'At most 128 users a client' };
  const user: Target = { select: 'user', ids: ['123'] };

  beforeEach(() => {
    watched.length = 0;
  });

  it('watches nobody when nobody is named, and everyone only when that was said', async () => {
    const [answer] = await all(answerLive(feedOf({}), asked({ select: 'user', ids: [] })));
    expect(answer?.state).toBe('Done');
    expect(answer?.data.map((frame) => frame.length as number)).toEqual([0, 0]);
    expect(watched).toEqual([]);
    await all(answerLive(feedOf({}), asked({ select: 'everyone', ids: [] })));
    await all(answerLive(feedOf({}), asked({ select: 'user', ids: ['1', '2'] })));
    expect(watched).toEqual([['*'], ['1', '2']]);
  });

  it('says when the last event came, and goes on with the same columns', async () => {
    const store = createFlowStore();
    const state = (lastEventTs: number | null): LiveState => ({ ...quiet, flows: store.flows(), lastEventTs });
    const feed: LiveFeed = {
      watch: () =>
        from([null, 7]).pipe(
          map((lastEventTs) => {
            store.apply({ kind: 'events', events: chatEvents().slice(0, lastEventTs ?? 4) });
            return state(lastEventTs);
          }),
        ),
    };
    const [first, second] = await all(answerLive(feed, asked(user)));
    expect([first, second].map((answer) => answer?.data[0].meta.custom.lastEventTs as unknown)).toEqual([null, 7]);
    expect([first, second].map((answer) => answer?.data[1].length as number)).toEqual([2, 4]);
    expect(second?.data[1].fields[0].values).toBe(first?.data[1].fields[0].values);
  });

  it('fails with code and message while nothing is there, and is marked by them once it is', async () => {
    const [before] = await all(answerLive(feedOf({ ready: false, problem, flows: [] }), asked(user)));
    expect(before).toMatchObject({
      state: 'Error',
      errors: [{ refId: 'A', message: 'At most 128 users a client (too_many_subscriptions)' }],
    });
    const [after] = await all(answerLive(feedOf({ problem }), asked(user)));
    expect(after).toMatchObject({ state: 'Streaming' });
    expect(after?.errors).toBeUndefined();
    expect(after?.data[0].meta.notices).toEqual([
      { severity: 'error', text: 'At most 128 users a client (too_many_subscriptions)' },
    ]);
  });

  it('goes on with the same columns when something else is known, without another revision', async () => {
    const answers = await all(answerLive(feedOf({}), asked(user), late));
    const metas = answers.map((answer) => answer.data[0].meta.custom as FlowFrameMeta);
    expect(metas.map((meta) => [meta.revision, meta.history])).toEqual([
      [1, null],
      [1, past],
    ]);
    expect(metas[1]?.history).toBe(past);
    expect(answers[1]?.data[1].fields[0].values).toBe(answers[0]?.data[1].fields[0].values);
  });

  it('says what is left out', async () => {
    const many = Array.from({ length: 70 }, (_, i) => String(i));
    const snapshot = viewStored(flows[0]!);
    const partial = flowsOf({
      kind: 'records',
      flows: [{ ...snapshot.flow, checkpoint_count: 9 }],
      checkpoints: snapshot.checkpoints.slice(0, 2),
      complete: false,
    });
    const [answer] = await all(
      answerLive(feedOf({ flows: partial, partial: new Set([FLOW_ID]) }), asked({ select: 'user', ids: many })),
    );
    expect(watched[0]).toHaveLength(64);
    expect(answer?.data[0].meta.notices).toMatchObject([
      { text: 'Only 64 of 70 users are queried; the others are left out.' },
      { text: 'Showing 2 of 9 checkpoints; the others are left out.' },
    ]);
  });
});

describe('answerHistory', () => {
  const [view] = flows.map(viewStored);
  const page = { flow: view!.flow, checkpoints: [...view!.checkpoints], next_cursor: null };
  const api: HistoryApi = {
    flows: () => Promise.reject(new Error('not asked')),
    session: () => Promise.reject(new Error('The bridge does not answer')),
    flow: () => Promise.resolve(page),
  };

  it('does not wait for what comes with the flows, and gives it when it is there', async () => {
    const target: Target = { select: 'flow', ids: [FLOW_ID] };
    const answers = await all(answerHistory(api, asked(target), () => false, late));
    expect(answers.map((answer) => [answer.state, answer.data[0].meta.custom.history as unknown])).toEqual([
      ['Done', null],
      ['Done', past],
    ]);
  });

  it('is done with all of it, without notices', async () => {
    const answers = await all(answerHistory(api, asked({ select: 'flow', ids: [FLOW_ID] }), () => false));
    expect(answers.map((answer) => answer.state)).toEqual(['Done']);
    expect(answers[0]?.data.map((frame) => frame.length as number)).toEqual([1, 6]);
    expect(answers[0]?.data[0].meta.notices).toBeUndefined();
  });

  it('says why it failed', async () => {
    const answers = await all(answerHistory(api, asked({ select: 'session', ids: ['s'] }), () => false));
    expect(answers).toEqual([
      {
        key: 'k',
        state: 'Error',
        data: [],
        errors: [{ refId: 'A', message: 'The bridge does not answer' }],
      },
    ]);
  });
});
