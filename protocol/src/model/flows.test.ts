import type { FlowEndEvent, FlowEvent } from '../events';
import { chatEvents, FLOW_ID, seededRandom, shuffle, T0 } from '../testing/sample-events';
import { NO_FLOWS, reduceFlows, viewFlows, type FlowInput, type Flows } from './flows';
import type { FlowView } from './flow-view';

const events = (list: readonly FlowEvent[]): FlowInput => ({ kind: 'events', events: list });
const records = (views: readonly FlowView[], complete = true): FlowInput => ({
  kind: 'records',
  flows: views.map((view) => view.flow),
  checkpoints: views.flatMap((view) => view.checkpoints),
  complete,
});
const reduceAll = (inputs: readonly FlowInput[], from: Flows = NO_FLOWS): Flows =>
  inputs.reduce((flows, input) => reduceFlows(flows, input), from);
const plain = (views: unknown): unknown => JSON.parse(JSON.stringify(views));

/** History as a bridge would have it after these events. */
const historyOf = (list: readonly FlowEvent[]): FlowView[] => viewFlows(reduceAll([events(list)]));

/** Cuts a list into batches of random sizes. */
function batches<T>(items: readonly T[], random: () => number): T[][] {
  const result: T[][] = [];
  for (let i = 0; i < items.length;) {
    const size = 1 + Math.floor(random() * 4);
    result.push(items.slice(i, i + size));
    i += size;
  }
  return result;
}

describe('reduceFlows', () => {
  const all = chatEvents();
  let expected: unknown;

  beforeAll(() => {
    expected = plain(historyOf(all));
  });

  it('makes the flow and its nodes of the events', () => {
    const [view] = historyOf(all);
    expect(view?.flow).toMatchObject({
      status: 'ok',
      user_id: '123',
      session_id: 's1',
      duration_ms: 110,
      checkpoint_count: 6,
      error_count: 1,
      last_seq: 11,
    });
    expect(view?.missing).toEqual([]);
    expect(view?.checkpoints.map((node) => [node.node_id, node.parent_id, node.checkpoint, node.status])).toEqual([
      [1, null, 'auth_check', 'ok'],
      [3, null, 'usage_check', 'ok'],
      [4, null, 'llm_thinking', 'ok'],
      [5, 4, 'tool_call', 'ok'],
      [7, 4, 'tool_call', 'error'],
      [10, null, 'llm_complete', 'ok'],
    ]);
    expect(view?.checkpoints[2]).toMatchObject({
      duration_ms: 50,
      attributes: { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.output_tokens': 812, step: 2 },
    });
  });

  it('gives the same tree for any order, any batches and any duplicates', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed);
      const duplicates = all.filter(() => random() < 0.4);
      const inputs = batches(shuffle([...all, ...duplicates], random), random).map(events);
      expect(plain(viewFlows(reduceAll(inputs)))).toEqual(expected);
    }
  });

  it('gives the same tree for history and events as for events alone', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed);
      const cuts = [0, 1, 2].map(() => 1 + Math.floor(random() * all.length));
      const snapshots = cuts.map((cut) => records(historyOf(all.slice(0, cut))));
      const inputs = shuffle([...batches(all, random).map(events), ...snapshots], random);
      expect(plain(viewFlows(reduceAll(inputs)))).toEqual(expected);
    }
  });

  it('gives the same tree for a snapshot and the events after it', () => {
    for (let cut = 1; cut <= all.length; cut++) {
      const flows = reduceAll([records(historyOf(all.slice(0, cut))), events(all.slice(cut))]);
      expect(plain(viewFlows(flows))).toEqual(expected);
    }
  });

  it('returns the flows themselves when nothing is new', () => {
    const flows = reduceAll([events(all)]);
    expect(reduceFlows(flows, events(all))).toBe(flows);
    const withHistory = reduceFlows(flows, records(historyOf(all)));
    expect(reduceFlows(withHistory, records(historyOf(all)))).toBe(withHistory);
  });

  it('makes a node of an end that comes before its begin', () => {
    const end = all.find((event) => event.type === 'checkpoint_end' && event.node_id === 5);
    const [view] = historyOf(end === undefined ? [] : [end]);
    expect(view?.checkpoints).toMatchObject([{ node_id: 5, status: 'ok', started_ts: T0 + 50, duration_ms: 10 }]);
  });

  it('takes a begin that says an earlier time than the event before it', () => {
    const told = all.map((event) =>
      event.type === 'checkpoint' && event.status === 'running' && event.node_id === 7
        ? { ...event, ts: T0 + 1 }
        : event,
    );
    const [view] = historyOf(told.filter((event) => event.seq < 8));
    expect(view?.checkpoints.find((node) => node.node_id === 7)).toMatchObject({ started_ts: T0 + 1 });
    expect(view?.flow).toMatchObject({ started_ts: T0, status: 'running' });
    expect(plain(historyOf(told.toReversed()))).toEqual(plain(historyOf(told)));
  });

  it('keeps a node running that has not ended when its flow has', () => {
    const [view] = historyOf(all.filter((event) => event.seq !== 9));
    expect(view?.flow.status).toBe('ok');
    expect(view?.checkpoints.find((node) => node.node_id === 4)?.status).toBe('running');
  });

  describe('of a flow that left checkpoints open', () => {
    /** The chat flow without the ends of two nodes, ended as given. */
    const openFlow = (end: Partial<FlowEndEvent>): FlowEvent[] =>
      all
        .filter((event) => event.type !== 'checkpoint_end' || event.node_id === 7)
        .map((event) => (event.type === 'flow_end' ? { ...event, ...end } : event));
    const error = { type: 'RateLimitError', message: '429' };

    it.each(['error', 'aborted', 'timed_out'] as const)('ends them with it when it ends %s', (status) => {
      const [view] = historyOf(openFlow({ status, ...(status === 'error' && { error }) }));
      const thinking = view?.checkpoints.find((node) => node.node_id === 4);
      expect(thinking).toMatchObject({
        status,
        error: status === 'error' ? error : null,
        ended_ts: view?.flow.ended_ts,
        duration_ms: view!.flow.ended_ts! - thinking!.started_ts,
        end_seq: null,
        attributes: { 'flow.unended': true },
      });
      expect(view?.flow.error_count).toBe(status === 'error' ? 3 : 1);
    });

    it('gives the same tree for history and events in any order, with ends of their own or without', () => {
      for (let seed = 1; seed <= 200; seed++) {
        const random = seededRandom(seed);
        const status = (['ok', 'error', 'aborted', 'timed_out'] as const)[seed % 4] ?? 'ok';
        const before = openFlow({ status, ...(status === 'error' && { error }) });
        const late = all.filter((event) => event.type === 'checkpoint_end' && random() < 0.5);
        const known = [...before, ...late];
        const cuts = [before.length, Math.floor(random() * before.length) + 1];
        const snapshots = cuts.map((cut) => records(historyOf(before.slice(0, cut))));
        const inputs = shuffle([...batches(known, random).map(events), ...snapshots], random);
        const [view] = viewFlows(reduceAll(inputs));
        const [expectedView] = historyOf(known);
        // History vouches for the ends that never came: nothing is missing any more.
        expect(plain({ ...view, missing: [] })).toEqual(plain({ ...expectedView, missing: [] }));
      }
    });

    it('lets them go on when it ends well, until history says that their process died', () => {
      const [before] = historyOf(openFlow({}));
      expect(before?.checkpoints.find((node) => node.node_id === 4)).toMatchObject({ status: 'running' });
      const lost = before!.checkpoints.map((node) =>
        node.status === 'running'
          ? {
              ...node,
              status: 'lost' as const,
              ended_ts: T0 + 500,
              duration_ms: T0 + 500 - node.started_ts,
              attributes: { ...node.attributes, 'flow.unended': true },
            }
          : node,
      );
      const flows = reduceAll([events(openFlow({})), records([{ ...before!, checkpoints: lost }])]);
      expect(plain(viewFlows(flows)[0]?.checkpoints)).toEqual(plain(lost));
      expect(plain(viewFlows(reduceFlows(flows, events(all))))).toEqual(plain(historyOf(all)));
    });
  });

  it('shows the events that are missing until they or history come', () => {
    const holed = all.filter((event) => ![0, 5, 6].includes(event.seq));
    const flows = reduceAll([events(holed)]);
    expect(viewFlows(flows)[0]?.missing).toEqual([
      [0, 0],
      [5, 6],
    ]);
    expect(viewFlows(reduceFlows(flows, records(historyOf(all))))[0]?.missing).toEqual([]);
    expect(viewFlows(reduceFlows(flows, events(all)))[0]?.missing).toEqual([]);
  });

  it('takes no bare list of flows for their checkpoints', () => {
    const bare: FlowInput = {
      kind: 'records',
      flows: historyOf(all).map((v) => v.flow),
      checkpoints: [],
      complete: false,
    };
    const [view] = viewFlows(reduceAll([bare, events(all.slice(8))]));
    expect(view?.missing).toEqual([[0, 7]]);
    expect(view?.flow.checkpoint_count).toBe(6);
  });

  it('takes checkpoints that come without their flow, and vouches for no event by them', () => {
    const checkpoints = historyOf(all)[0]!.checkpoints;
    const flows = reduceAll([{ kind: 'records', flows: [], checkpoints, complete: true }]);
    expect(viewFlows(flows)[0]).toMatchObject({
      flow: { flow_id: FLOW_ID, status: 'running', last_seq: -1 },
      missing: [],
    });
    expect(viewFlows(flows)[0]?.checkpoints.map((node) => node.node_id)).toEqual([1, 3, 4, 5, 7, 10]);
  });

  it('runs on when a flow that was given up speaks again', () => {
    const [before] = historyOf(all.slice(0, 6));
    const lost = { ...before!, flow: { ...before!.flow, status: 'lost' as const } };
    const flows = reduceAll([records([lost])]);
    expect(viewFlows(flows)[0]?.flow.status).toBe('lost');
    expect(viewFlows(reduceFlows(flows, events(all.slice(6, 8))))[0]?.flow.status).toBe('running');
    expect(viewFlows(reduceFlows(flows, events(all.slice(6))))[0]?.flow.status).toBe('ok');
  });

  it('settles on one of two events that claim the same number', () => {
    const a = all[1]!;
    const b = {
      ...a,
      checkpoint: 'other',
      status: 'error',
      attributes: { status: 'failed', __proto__: 'x' },
    } as FlowEvent;
    expect(viewFlows(reduceAll([events([a]), events([b])]))).toEqual(viewFlows(reduceAll([events([b]), events([a])])));
  });

  it('keeps the newest flows only, and lets none back by a late event', () => {
    const ids = Array.from({ length: 12 }, (_, i) => FLOW_ID.slice(0, 24) + String(10 + i));
    const inputs = ids.map((id) => events(chatEvents(id)));
    for (let seed = 1; seed <= 20; seed++) {
      const order = shuffle([...inputs, ...inputs], seededRandom(seed));
      const flows = order.reduce<Flows>((state, input) => reduceFlows(state, input, 5), NO_FLOWS);
      expect(viewFlows(flows).map((view) => view.flow.flow_id)).toEqual(ids.slice(-5).reverse());
    }
  });

  it('takes 10,000 levels and 100,000 siblings', () => {
    const node = (seq: number, parent: number | null): FlowEvent => ({
      type: 'checkpoint',
      flow_id: FLOW_ID,
      seq,
      ts: T0 + seq,
      node_id: seq,
      parent_id: parent,
      checkpoint: 'step',
      status: 'running',
    });
    const deep = Array.from({ length: 10_000 }, (_, i) => node(i + 1, i === 0 ? null : i));
    const wide = Array.from({ length: 100_000 }, (_, i) => node(i + 1, i === 0 ? null : 1));
    for (const list of [deep, wide]) {
      const [view] = historyOf(shuffle(list, seededRandom(7)));
      expect(view?.checkpoints).toHaveLength(list.length);
      expect(view?.missing).toEqual([[0, 0]]);
    }
  });
});
