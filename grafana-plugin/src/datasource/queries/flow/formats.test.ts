import { viewFlows } from '@flow-tracking/protocol/model';
import { NO_FLOWS, reduceFlows } from '@flow-tracking/protocol/model';
import { chatEvents, FLOW_ID } from '../../../../../protocol/src/testing/sample-events';
import { nodeGraphFrames } from './node-graph-frames';
import { traceFrame } from './trace-frame';

const [view] = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));
const valuesOf = (frame: ReturnType<typeof traceFrame>, name: string): unknown[] =>
  frame.fields.find((field) => field.name === name)?.values ?? [];

describe('traceFrame', () => {
  const frame = traceFrame(view!);

  it('has the fields that Grafana documents of traces, of one length', () => {
    expect(frame.meta?.preferredVisualisationType).toBe('trace');
    const documented = {
      ...{
        traceID: 'string',
        spanID: 'string',
        parentSpanID: 'string',
        operationName: 'string',
        serviceName: 'string',
      },
      ...{ serviceTags: 'other', startTime: 'number', duration: 'number', logs: 'other', tags: 'other' },
      ...{ kind: 'string', statusCode: 'number', statusMessage: 'string' },
    };
    expect(Object.fromEntries(frame.fields.map(({ name, type }) => [name, type]))).toEqual(documented);
    expect(frame.fields.every(({ values }) => values.length === frame.length)).toBe(true);
    for (const name of ['tags', 'serviceTags']) {
      for (const pairs of valuesOf(frame, name) as { key: string }[][]) {
        expect(pairs.every((pair) => typeof pair.key === 'string' && 'value' in pair)).toBe(true);
      }
    }
  });

  it('is one tree: the flow is the root, and each other span has its parent in it', () => {
    const ids = valuesOf(frame, 'spanID');
    const parents = valuesOf(frame, 'parentSpanID');
    expect(new Set(ids).size).toBe(view!.checkpoints.length + 1);
    expect(parents.filter((parent) => parent === null)).toHaveLength(1);
    expect(parents.every((parent) => parent === null || ids.includes(parent))).toBe(true);
    expect(valuesOf(frame, 'traceID').every((id) => id === FLOW_ID)).toBe(true);
    const durations = valuesOf(frame, 'duration') as number[];
    expect(durations.every((duration) => duration >= 0)).toBe(true);
  });
});

describe('nodeGraphFrames', () => {
  it('has nodes and edges that Grafana documents, each edge between two nodes', () => {
    const { frames, notices } = nodeGraphFrames([view!]);
    const [nodes, edges] = frames;
    expect(notices).toEqual([]);
    expect(frames.every(({ meta }) => meta?.preferredVisualisationType === 'nodeGraph')).toBe(true);
    expect(nodes?.fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['id', 'title', 'subtitle', 'mainstat', 'arc__ok', 'arc__failed']),
    );
    expect(edges?.fields.map(({ name }) => name)).toEqual(['id', 'source', 'target']);
    const ids = nodes?.fields[0]?.values ?? [];
    for (const field of edges?.fields.slice(1) ?? []) for (const id of field.values) expect(ids).toContain(id);
    expect(edges?.length).toBe((nodes?.length ?? 0) - 1);
  });
});
