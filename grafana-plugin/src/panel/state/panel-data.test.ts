import type { DataFrame, FieldType } from '@grafana/data';
import { createFlowStore, NO_FLOWS, reduceFlows, viewFlows } from '@flow-tracking/protocol/model';
import { chatEvents, FLOW_ID, seededRandom, shuffle, T0 } from '../../../../protocol/src/testing/sample-events';
import { createFrameWriter } from '../../frames/frame-writer';
import type { FlowFrameMeta } from '../../frames/meta';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { toFrames } from '../../frames/to-frames';
import { createPanelDataReader, type PanelFlows } from './panel-data';

const meta: FlowFrameMeta = {
  kind: 'flow-tracking',
  mode: 'live',
  target: { select: 'user', ids: ['123'] },
  ready: true,
  connection: { state: 'live', reason: null },
  monitoring: [{ userId: '123', enabled: true, expiresTs: T0 }],
  clockOffsetMs: 0,
  lastEventTs: null,
  revision: 0,
};
const flowId = (i: number): string => FLOW_ID.slice(0, 24) + String(10 + i);
const views = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
const readOnce = (frames: readonly DataFrame[]): PanelFlows => createPanelDataReader().read(frames);

/** What is read, without the identity of anything and without the order of nodes. */
const plain = ({ flows, ...rest }: PanelFlows) => ({
  ...rest,
  flows: flows.map(({ nodes, links: _, ...summary }) => ({
    ...summary,
    nodes: [...nodes.list].sort((a, b) => (a.id < b.id ? -1 : 1)),
  })),
});

/** Frames as Grafana hands them on: other objects around the same values. */
const handOn = (frames: readonly DataFrame[]): DataFrame[] =>
  frames.map((frame) => ({ ...frame, fields: frame.fields.map((field) => ({ ...field })) }));

/** The rows that pass, in new columns, as a transformation makes them. */
function filterRows(frame: DataFrame, passes: (row: number) => boolean): DataFrame {
  const rows = Array.from({ length: frame.length }, (_, row) => row).filter(passes);
  const fields = frame.fields.map((field) => ({ ...field, values: rows.map((row) => field.values[row] as unknown) }));
  return { ...frame, length: rows.length, fields };
}

/** The rows of every third node less one. */
const withoutSome = (frame: DataFrame): DataFrame => {
  const ids = frame.fields.find((field) => field.name === 'node_id')?.values;
  return ids === undefined ? frame : filterRows(frame, (row) => Number(ids[row]) % 3 !== 1);
};

/** Two spans, as Jaeger gives them. */
const traceFrame: DataFrame = {
  length: 2,
  fields: Object.entries({
    traceID: ['t1', 't1'],
    spanID: ['a', 'b'],
    parentSpanID: [null, 'a'],
    operationName: ['GET /', 'query'],
    serviceName: ['web', 'db'],
    startTime: [T0, T0 + 1],
    duration: [9, 5],
  }).map(([name, values]) => ({ name, type: 'other' as FieldType.other, config: {}, values })),
};

describe('a panel data reader', () => {
  const frames = toFrames(views, meta, 'A');

  it('reads frames as the flows they were made of', () => {
    const { flows, meta: read, recognized } = readOnce(frames);
    expect(recognized).toBe(true);
    expect(read).toEqual(meta);
    expect(flows).toHaveLength(1);
    expect(flows[0]).toMatchObject({
      id: FLOW_ID,
      userId: '123',
      status: 'ok',
      durationMs: 110,
      errorCount: 1,
      missing: '',
    });
    expect(flows[0]?.nodes.list.map((node) => [node.id, node.parentId, node.checkpoint])).toEqual([
      ['1', null, 'auth_check'],
      ['3', null, 'usage_check'],
      ['4', null, 'llm_thinking'],
      ['5', '4', 'tool_call'],
      ['7', '4', 'tool_call'],
      ['10', null, 'llm_complete'],
    ]);
    expect(flows[0]?.nodes.list[4]?.error).toEqual({ type: 'SmtpError', message: 'SMTP 550' });
  });

  it('reads each notice once', () => {
    const notice = { severity: 'warning', text: 'Showing 6 of 9 checkpoints' } as const;
    const noticed = toFrames(views, meta, 'A', [notice]);
    expect(readOnce([...noticed, ...noticed]).notices).toEqual([notice]);
    expect(readOnce(frames).notices).toEqual([]);
  });

  it('gives a flow once when two queries return it', () => {
    const { flows } = readOnce([...frames, ...toFrames(views, meta, 'B')]);
    expect(flows).toHaveLength(1);
    expect(flows[0]?.nodes.list).toHaveLength(6);
  });

  it('does not recognize other data, and misses columns without harm', () => {
    const other: DataFrame = {
      name: 'x',
      length: 1,
      fields: [{ name: 'a', type: 'number' as FieldType.number, config: {}, values: [1] }],
    };
    expect(readOnce([other])).toEqual({ flows: [], meta: null, notices: [], recognized: false });
    const bare = readOnce([
      { ...other, name: 'flows' },
      { ...other, name: 'checkpoints' },
    ]);
    expect(bare.flows[0]).toMatchObject({ status: 'ok', nodes: { list: [] }, userId: null });
  });

  it('equals after each step a reading of all, and what did not change is the same object', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      // One live query, or two of which some flows are the same; each sees its own events, in its own order.
      const queries = Array.from({ length: 1 + (seed % 3 === 0 ? 1 : 0) }, (_, query) => ({
        store: createFlowStore({ maxFlows: 3 }),
        writer: createFrameWriter('AB'[query] ?? ''),
        events: Array.from({ length: 7 }, (_, i) => chatEvents(flowId(i + 2 * query))).flat(),
      }));
      for (const { events } of queries) {
        if (seed % 2 === 0) events.splice(0, events.length, ...shuffle(events, random));
      }
      const reader = createPanelDataReader();
      // Nodes grow in place, so what there was is kept apart.
      let flowsBefore = new Map<string, PanelFlow>();
      let textsBefore = new Map<string, string>();
      const nodesBefore = new Map<string, PanelNode>();
      while (queries.some(({ events }) => events.length > 0)) {
        const emitted = queries.flatMap(({ store, writer, events }) => {
          store.apply({ kind: 'events', events: events.splice(0, Math.floor(random() * 5)) });
          return writer.write(store.flows(), meta, []);
        });
        if (random() < 0.2) continue;
        const isFiltered = random() < 0.15;
        const series = handOn(isFiltered ? emitted.map(withoutSome) : emitted);
        const doubled = random() < 0.1 ? [...series, ...toFrames(views, meta, 'C'), traceFrame] : series;
        const now = reader.read(doubled);
        expect(plain(now)).toEqual(plain(readOnce(doubled)));

        const read = plain(now).flows;
        // Told all at once: an `expect` for each node would take the most of the time.
        const wrong: string[] = [];
        for (const [i, flow] of read.entries()) {
          const isSame = textsBefore.get(flow.id) === JSON.stringify(flow);
          if ((now.flows[i] === flowsBefore.get(flow.id)) !== isSame) wrong.push(flow.id);
          for (const node of flow.nodes) {
            const name = `${flow.id} ${node.id}`;
            const known = nodesBefore.get(name);
            if ((node === known) !== (JSON.stringify(known) === JSON.stringify(node))) wrong.push(name);
          }
        }
        expect(wrong).toEqual([]);
        flowsBefore = new Map(now.flows.map((flow) => [flow.id, flow]));
        textsBefore = new Map(read.map((flow) => [flow.id, JSON.stringify(flow)]));
        nodesBefore.clear();
        for (const flow of now.flows)
          for (const node of flow.nodes.list) nodesBefore.set(`${flow.id} ${node.id}`, node);
      }
    }
  });

  it('keeps the nodes of a flow while they grow, and makes others when some are gone', () => {
    const store = createFlowStore();
    const writer = createFrameWriter('A');
    const reader = createPanelDataReader();
    const read = (to: number, change = (frame: DataFrame) => frame) => {
      store.apply({ kind: 'events', events: chatEvents().slice(0, to) });
      return reader.read(writer.write(store.flows(), meta, []).map(change)).flows;
    };
    const first = read(6);
    expect(read(6)).toBe(first);
    const [grown] = read(8);
    expect(grown).not.toBe(first[0]);
    expect(grown?.nodes).toBe(first[0]?.nodes);
    expect(grown?.nodes.journal).toEqual([0, 1, 2, 3, 3, 4]);
    const [filtered] = read(8, withoutSome);
    expect(filtered?.nodes).not.toBe(grown?.nodes);
    expect(filtered?.nodes.list.map((node) => node.id)).toEqual(['3', '5']);
    const [whole] = read(8);
    expect(whole?.nodes).toBe(filtered?.nodes);
    expect(whole?.nodes.list).toHaveLength(5);
  });

  it('reads only what has changed of several frames that grow', () => {
    const queries = ['A', 'B'].map((refId) => ({ store: createFlowStore(), writer: createFrameWriter(refId) }));
    const reader = createPanelDataReader();
    const emit = (to: readonly number[]): DataFrame[] =>
      queries.flatMap(({ store, writer }, i) => {
        store.apply({ kind: 'events', events: chatEvents(flowId(i)).slice(0, to[i]) });
        return writer.write(store.flows(), meta, []);
      });
    const history = toFrames(views, meta, 'C');
    reader.read([...emit([6, 6]), ...history, traceFrame]);
    const series = [...emit([8, 7]), ...handOn([...history, traceFrame])];
    // Whoever reads the first row again sees another name, which no journal tells of.
    for (const frame of series) {
      const names = frame.fields.find(({ name }) => name === 'checkpoint')?.values;
      if (names !== undefined) names[0] = 'read again';
    }
    const namesIn = (frames: readonly DataFrame[]) =>
      reader.read(frames).flows.map(({ nodes }) => nodes.list.map(({ checkpoint }) => checkpoint));
    const lengths = (names: readonly string[][]) => names.map(({ length }) => length);
    const names = namesIn(series);
    expect(names.flat()).not.toContain('read again');
    expect(lengths(names).sort()).toEqual([2, 4, 5, 6]);
    // Without one of them all is read.
    expect(namesIn(series.slice(0, 4)).flat()).toContain('read again');
  });

  it('shows traces beside flows, the same objects while they do not change', () => {
    const reader = createPanelDataReader();
    const links = (frame: DataFrame, row: number) => [
      { href: '/', title: `${frame.length} ${row}`, target: undefined },
    ];
    const read = (...series: DataFrame[]) => reader.read(series, links);
    const both = read(...frames, traceFrame);
    expect(both.flows.map(({ id }) => id).sort()).toEqual([FLOW_ID, 't1']);
    const trace = both.flows.find(({ id }) => id === 't1');
    expect(trace).toMatchObject({ name: 'GET /', service: 'web', durationMs: 9, checkpointCount: 2, lastSeq: null });
    expect(trace?.links()).toMatchObject([{ title: '2 0' }]);
    const again = read(...handOn([...frames, traceFrame]));
    expect(again.flows).toBe(both.flows);
    // Read anew, since its columns are others: the same still.
    expect(
      read(
        ...frames,
        filterRows(traceFrame, () => true),
      ).flows,
    ).toBe(both.flows);
    const { flows, recognized, meta: none } = read(filterRows(traceFrame, (row) => row === 0));
    expect([flows.length, recognized, none]).toEqual([1, true, null]);
    expect(flows[0]?.nodes.list.map(({ id }) => id)).toEqual(['a']);
    expect(read(filterRows(traceFrame, () => false))).toMatchObject({ flows: [], recognized: true });
  });

  it('reads no row beyond the length of a frame, and reads it once the frame is longer', () => {
    const store = createFlowStore();
    const writer = createFrameWriter('A');
    const reader = createPanelDataReader();
    store.apply({ kind: 'events', events: chatEvents().slice(0, 4) });
    const older = writer.write(store.flows(), meta, []);
    store.apply({ kind: 'events', events: chatEvents() });
    const newer = writer.write(store.flows(), meta, []);
    const idsIn = (series: readonly DataFrame[]) => reader.read(series).flows[0]?.nodes.list.map((node) => node.id);
    expect(idsIn(older)).toEqual(['1', '3']);
    expect(idsIn(newer)).toEqual(['1', '3', '4', '5', '7', '10']);
  });

  it('gives the links of the row in which a flow stands now', () => {
    const reader = createPanelDataReader();
    const read = (title: string) => reader.read(frames, () => [{ href: '/', title, target: undefined }]).flows[0];
    const flow = read('a');
    expect(flow?.links()).toMatchObject([{ title: 'a' }]);
    expect(read('b')).toBe(flow);
    expect(flow?.links()).toMatchObject([{ title: 'b' }]);
  });
});
