import type { DataFrame } from '@grafana/data';
import { createFlowStore, type StoredFlow } from '@flow-tracking/protocol/model';
import { chatEvents, FLOW_ID, seededRandom, shuffle } from '../../../protocol/src/testing/sample-events';
import { viewStored } from '../../../protocol/src/testing/view-stored';
import { createFrameWriter } from './frame-writer';
import { flowMeta, rowsMeta, type FlowFrameMeta } from './meta';
import { toFrames } from './to-frames';

const meta: FlowFrameMeta = {
  kind: 'flow-tracking',
  mode: 'live',
  target: { select: 'user', ids: ['123'] },
  ready: true,
  connection: { state: 'live', reason: null },
  monitoring: [],
  clockOffsetMs: 0,
  lastEventTs: null,
  revision: 0,
};
const flowId = (i: number): string => FLOW_ID.slice(0, 24) + String(10 + i);

/** Rows of a frame as objects, those of the given flows only, sorted by flow and node. */
function rowsOf(frame: DataFrame | undefined, flows: readonly StoredFlow[]): unknown[] {
  const ids = new Set(flows.map((flow) => flow.flowId));
  const rows = Array.from({ length: frame?.length ?? 0 }, (_, row) =>
    Object.fromEntries((frame?.fields ?? []).map((field): [string, unknown] => [field.name, field.values[row]])),
  );
  const keyOf = (row: Record<string, unknown>): string => `${String(row['flow_id'])} ${String(row['node_id'])}`;
  return rows.filter((row) => ids.has(String(row['flow_id']))).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

describe('a frame writer', () => {
  it('gives after each step the rows that frames made at once have', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const store = createFlowStore({ maxFlows: 3 });
      const writer = createFrameWriter('A');
      const queue = shuffle(Array.from({ length: 8 }, (_, i) => chatEvents(flowId(i))).flat(), random);
      while (queue.length > 0) {
        store.apply({ kind: 'events', events: queue.splice(0, 1 + Math.floor(random() * 6)) });
        if (random() < 0.3) continue;
        const flows = store.flows();
        const [flowRows, nodeRows] = writer.write(flows, meta, []);
        const [expectedFlows, expectedNodes] = toFrames(flows.map(viewStored), meta, 'A');
        expect(rowsOf(flowRows, flows)).toEqual(rowsOf(expectedFlows, flows));
        expect(rowsOf(nodeRows, flows)).toEqual(rowsOf(expectedNodes, flows));
        const gone = (nodeRows?.length ?? 0) - (expectedNodes?.length ?? 0);
        expect(gone).toBeLessThanOrEqual((nodeRows?.length ?? 0) / 4);
      }
    }
  });

  it('gives rows a cost when there are prices, by what has changed', () => {
    // 812 tokens out: 812 × 8 for a million.
    const prices = { currency: 'USD', models: [{ model: '*', input: 2, output: 8 }] };
    const store = createFlowStore();
    const writer = createFrameWriter('A', prices);
    const costs = (frame: DataFrame | undefined): unknown =>
      frame?.fields.find((field) => field.name === 'cost')?.values.filter((value) => value !== null);
    const write = (to: number): unknown[] => {
      store.apply({ kind: 'events', events: chatEvents().slice(0, to) });
      return writer.write(store.flows(), meta, []).map(costs);
    };
    expect(write(4)).toEqual([[], []]);
    const whole = write(Infinity);
    expect(whole).toEqual([[0.006496], [0.006496]]);
    expect(toFrames(store.flows().map(viewStored), { ...meta, prices }, 'A').map(costs)).toEqual(whole);
    expect(createFrameWriter('A').write(store.flows(), meta, []).map(costs)).toEqual([undefined, undefined]);
  });

  it('grows the same columns, and journals the rows that changed', () => {
    const store = createFlowStore();
    const writer = createFrameWriter('A');
    const write = (to: number): DataFrame[] => {
      store.apply({ kind: 'events', events: chatEvents().slice(0, to) });
      return writer.write(store.flows(), meta, []);
    };
    const [, before] = write(6);
    const [, after] = write(8);
    expect(after).not.toBe(before);
    expect([before?.length, after?.length]).toEqual([4, 5]);
    for (const [i, field] of (after?.fields ?? []).entries()) {
      expect(field).not.toBe(before?.fields[i]);
      expect(field.values).toBe(before?.fields[i]?.values);
    }
    expect(rowsMeta(after!)?.journal).toBe(rowsMeta(before!)?.journal);
    expect(rowsMeta(after!)?.journal).toEqual([0, 1, 2, 3, 3, 4]);
    const revisionOf = (frames: DataFrame[]): number => flowMeta(frames[0]!)?.revision ?? -1;
    expect([revisionOf(write(8)), revisionOf(write(8)), revisionOf(write(9))]).toEqual([2, 2, 3]);
  });

  it('begins with new columns and a new journal when many rows are of flows that are gone', () => {
    const store = createFlowStore({ maxFlows: 1 });
    const writer = createFrameWriter('A');
    store.apply({ kind: 'events', events: chatEvents(flowId(1)) });
    const [, before] = writer.write(store.flows(), meta, []);
    store.apply({ kind: 'events', events: chatEvents(flowId(2)) });
    const [, after] = writer.write(store.flows(), meta, []);
    expect([before?.length, after?.length]).toEqual([6, 6]);
    expect(after?.fields[0]?.values).not.toBe(before?.fields[0]?.values);
    expect(rowsMeta(after!)?.journal).not.toBe(rowsMeta(before!)?.journal);
  });

  it('takes a flow of another store for another flow', () => {
    const writer = createFrameWriter('A');
    const lengths = [6, 4].map((to) => {
      const store = createFlowStore();
      store.apply({ kind: 'events', events: chatEvents().slice(0, to) });
      return writer.write(store.flows(), meta, [])[1]?.length;
    });
    expect(lengths).toEqual([4, 2]);
  });
});
