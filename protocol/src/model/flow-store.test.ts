import { isDeepStrictEqual } from 'node:util';
import type { FlowEvent, FlowEndStatus } from '../events';
import type { CheckpointRecord } from '../record-fields';
import { chatEvents, FLOW_ID, seededRandom, shuffle, T0 } from '../testing/sample-events';
import { viewStored } from '../testing/view-stored';
import { createFlowStore, type FlowStore } from './flow-store';
import { NO_FLOWS, reduceFlows, viewFlows, type FlowInput, type Flows } from './flows';

const flowId = (i: number): string => FLOW_ID.slice(0, 24) + String(10 + i);
const STATUSES: readonly FlowEndStatus[] = ['ok', 'error', 'aborted', 'timed_out'];
const error = { type: 'RateLimitError', message: '429' };

/** Events of one flow: whole, or with nodes left open and any end. */
function flowOf(i: number, random: () => number): FlowEvent[] {
  const status = STATUSES[Math.floor(random() * STATUSES.length)] ?? 'ok';
  const leavesOpen = random() < 0.5;
  return chatEvents(flowId(i))
    .filter((event) => !leavesOpen || event.type !== 'checkpoint_end' || random() < 0.4)
    .map((event) =>
      event.type === 'flow_end' && leavesOpen ? { ...event, status, ...(status === 'error' && { error }) } : event,
    );
}

/** A snapshot of history after some of the events, at times of a flow that was given up. */
function snapshot(events: readonly FlowEvent[], random: () => number): FlowInput {
  const some = events.slice(0, 1 + Math.floor(random() * events.length));
  const views = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: some }));
  const isLost = random() < 0.3;
  const flows = views.map(({ flow }) =>
    isLost && flow.status === 'running' ? { ...flow, status: 'lost' as const, ended_ts: T0 + 500 } : flow,
  );
  const checkpoints = views.flatMap((view) => view.checkpoints);
  return { kind: 'records', flows, checkpoints: random() < 0.2 ? [] : checkpoints, complete: random() < 0.5 };
}

/** Batches of shuffled, repeated events of several flows, with snapshots between them. */
function inputsOf(random: () => number): FlowInput[] {
  const flows = Array.from({ length: 4 }, (_, i) => flowOf(i, random));
  const all = flows.flat();
  const queue = [...all, ...all.filter(() => random() < 0.3)];
  if (random() < 0.7) queue.splice(0, queue.length, ...shuffle(queue, random));
  const inputs: FlowInput[] = [];
  while (queue.length > 0) inputs.push({ kind: 'events', events: queue.splice(0, 1 + Math.floor(random() * 5)) });
  const snapshots = flows.map((events) => snapshot(events, random));
  return shuffle([...inputs, ...snapshots], random);
}

const nodesOf = (store: FlowStore): Map<string, CheckpointRecord> =>
  new Map(
    store
      .flows()
      .flatMap((flow) => viewStored(flow).checkpoints.map((node) => [`${flow.flowId} ${node.node_id}`, node] as const)),
  );

/** Jest's own comparison is slow, and asked only where there is something to explain. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

describe('a flow store', () => {
  it('gives after each step what the reducer gives, and says which flows and nodes have changed', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = seededRandom(seed);
      const maxFlows = random() < 0.3 ? 2 : 10;
      const store = createFlowStore({ maxFlows });
      let flows: Flows = NO_FLOWS;
      for (const input of inputsOf(random)) {
        const before = nodesOf(store);
        const read = new Map(store.flows().map((flow) => [flow, flow.changes().length]));
        const views = new Map(viewFlows(flows).map((view) => [view.flow.flow_id, view]));
        flows = reduceFlows(flows, input, maxFlows);
        const changed = store.apply(input).map((flow) => flow.flowId);
        const expected = viewFlows(flows);
        expectSame(store.flows().map(viewStored), expected);
        const isNew = expected.filter((view) => views.get(view.flow.flow_id) !== view).map((view) => view.flow.flow_id);
        expectSame([...changed].sort(), isNew.sort());
        const told = new Set(
          store.flows().flatMap((flow) =>
            flow
              .changes()
              .slice(read.get(flow) ?? 0)
              .map((id) => `${flow.flowId} ${id}`),
          ),
        );
        const differing = [...nodesOf(store)].filter(([key, node]) => before.get(key) !== node).map(([key]) => key);
        expectSame([...told].sort(), differing.sort());
      }
    }
  });

  it('gives the same objects as long as nothing changes', () => {
    const store = createFlowStore();
    store.apply({ kind: 'events', events: chatEvents() });
    const [flow] = store.flows();
    const [nodes, record, list] = [nodesOf(store), flow!.record(), store.flows()];
    expect(store.apply({ kind: 'events', events: chatEvents() })).toEqual([]);
    expect(flow?.record()).toBe(record);
    expect(store.flows()).toBe(list);
    expect([...nodesOf(store)].every(([key, node]) => nodes.get(key) === node)).toBe(true);
  });

  it('gives the same objects when what is new shows nowhere', () => {
    const store = createFlowStore();
    const [view] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
    const { flow: record, checkpoints } = view!;
    store.apply({ kind: 'records', flows: [record], checkpoints, complete: true });
    const [flow] = store.flows();
    const [before, nodes, read] = [flow!.record(), nodesOf(store), flow!.changes().length];
    // What history told already: the flow's own events, and the instant checkpoints.
    const known = chatEvents().filter((event) => !('node_id' in event) || event.node_id === 1 || event.node_id === 3);
    expect(store.apply({ kind: 'events', events: known })).toEqual([flow]);
    expect(flow?.record()).toBe(before);
    expect(flow?.changes()).toHaveLength(read);
    expect([...nodesOf(store)].every(([key, node]) => nodes.get(key) === node)).toBe(true);
    expect(flow?.nodeCount).toBe(checkpoints.length);
  });

  it('says that a flow has changed when history vouches for its events, once', () => {
    const store = createFlowStore();
    const [view] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
    const { flow, checkpoints } = view!;
    store.apply({ kind: 'records', flows: [flow], checkpoints, complete: false });
    expect(store.get(flow.flow_id)?.record().last_seq).toBe(-1);
    const whole: FlowInput = { kind: 'records', flows: [flow], checkpoints, complete: true };
    expect(store.apply(whole)).toEqual(store.flows());
    expect(store.get(flow.flow_id)?.record().last_seq).toBe(11);
    expect(store.apply(whole)).toEqual([]);
  });

  it('derives only the open nodes again when the flow ends', () => {
    const store = createFlowStore();
    const open = chatEvents().filter((event) => event.seq !== 9);
    store.apply({ kind: 'events', events: open.slice(0, -1) });
    const [flow] = store.flows();
    const read = flow!.changes().length;
    store.apply({ kind: 'events', events: open.slice(-1).map((end) => ({ ...end, status: 'aborted' }) as FlowEvent) });
    expect(flow?.changes().slice(read)).toEqual([4]);
    expect(flow?.checkpoint(4)?.status).toBe('aborted');
  });

  it('tells of no open node when the flow ends well, since it goes on', () => {
    const store = createFlowStore();
    const open = chatEvents().filter((event) => event.seq !== 9);
    store.apply({ kind: 'events', events: open.slice(0, -1) });
    const [flow] = store.flows();
    const [node, read] = [flow?.checkpoint(4), flow!.changes().length];
    store.apply({ kind: 'events', events: open.slice(-1) });
    expect(flow?.record().status).toBe('ok');
    expect(flow?.checkpoint(4)).toBe(node);
    expect(flow?.changes()).toHaveLength(read);
  });

  it('keeps the newest flows only, and lets none back by a late event', () => {
    const inputs = Array.from({ length: 12 }, (_, i): FlowInput => ({ kind: 'events', events: chatEvents(flowId(i)) }));
    for (let seed = 1; seed <= 20; seed++) {
      const store = createFlowStore({ maxFlows: 5 });
      for (const input of shuffle([...inputs, ...inputs], seededRandom(seed))) store.apply(input);
      expect(store.flows().map((flow) => flow.flowId)).toEqual([11, 10, 9, 8, 7].map(flowId));
      expect(store.get(flowId(7))).toBe(store.flows().at(-1));
      expect(store.get(flowId(6))).toBeUndefined();
    }
  });

  it('gives the same list when an event comes of a flow that is too old for it', () => {
    const store = createFlowStore({ maxFlows: 2 });
    for (const i of [2, 3]) store.apply({ kind: 'events', events: chatEvents(flowId(i)) });
    const list = store.flows();
    expect(store.apply({ kind: 'events', events: chatEvents(flowId(1)) })).toEqual([]);
    expect(store.flows()).toBe(list);
    store.apply({ kind: 'events', events: chatEvents(flowId(4)) });
    expect(store.flows()).not.toBe(list);
  });

  it('keeps 200 flows unless told otherwise', () => {
    const store = createFlowStore();
    const id = (i: number): string => FLOW_ID.slice(0, 23) + String(100 + i);
    for (let i = 0; i <= 200; i++) store.apply({ kind: 'events', events: chatEvents(id(i)).slice(0, 1) });
    expect(store.flows()).toHaveLength(200);
    expect(store.get(id(0))).toBeUndefined();
  });
});
