import type { FlowDetail, FlowEvent } from '@flow-tracking/protocol';
import { createFlowStore, type StoredFlow } from '@flow-tracking/protocol/model';
import { chatEvents, FLOW_ID } from '../../../protocol/src/testing/sample-events';
import { createGapFiller } from './gap-filler';

const GIVES_UP_AFTER_MS = 23_000;
const all = chatEvents();
const without = (...seqs: number[]): FlowEvent[] => all.filter(({ seq }) => !seqs.includes(seq));

/** A flow with holes that history does not have either. */
function createFiller(events: readonly FlowEvent[]) {
  const store = createFlowStore();
  store.apply({ kind: 'events', events });
  const flow = (): StoredFlow => store.get(FLOW_ID)!;
  const detail: FlowDetail = { flow: flow().record(), checkpoints: [], next_cursor: null };
  let asked = 0;
  const filler = createGapFiller({
    current: (flowId) => store.get(flowId),
    load: async () => {
      asked += 1;
      return detail;
    },
    onLoaded: () => undefined,
  });
  return {
    filler,
    flow,
    add: (more: readonly FlowEvent[]) => store.apply({ kind: 'events', events: more }),
    /** How often history was asked until then. */
    askedAfter: async (ms: number): Promise<number> => {
      await jest.advanceTimersByTimeAsync(ms);
      return asked;
    },
  };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('createGapFiller', () => {
  it('asks four times for a hole, ever more slowly, and not for the same one again', async () => {
    const { filler, flow, askedAfter } = createFiller(without(3));
    filler.check(flow());
    expect(await askedAfter(999)).toBe(0);
    expect(await askedAfter(1)).toBe(1);
    expect(await askedAfter(2_000)).toBe(2);
    expect(await askedAfter(5_000)).toBe(3);
    expect(await askedAfter(15_000)).toBe(4);
    filler.check(flow());
    expect(await askedAfter(GIVES_UP_AFTER_MS)).toBe(4);
  });

  it('asks again when another hole opens in a flow of which one was given up', async () => {
    const { filler, flow, add, askedAfter } = createFiller(without(3, 7, 8, 9, 10, 11));
    filler.check(flow());
    expect(await askedAfter(GIVES_UP_AFTER_MS)).toBe(4);
    add(all.slice(9));
    filler.check(flow());
    expect(await askedAfter(1_000)).toBe(5);
  });

  it('asks for nothing once it is stopped', async () => {
    const { filler, flow, askedAfter } = createFiller(without(3));
    filler.check(flow());
    filler.stop();
    filler.check(flow());
    expect(await askedAfter(GIVES_UP_AFTER_MS)).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
