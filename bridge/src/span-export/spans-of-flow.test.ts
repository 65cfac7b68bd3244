import type { Attributes, CheckpointRecord, FlowEvent, FlowRecord } from '@flow-tracking/protocol';
import { emptyFlow, joinEvents, viewFlow } from '@flow-tracking/protocol/model';
import { chatFlow } from '../../../test/support/flow-events';
import { readSpans, type SentSpan } from '../../../test/support/published-otlp';
import { resourceSpans, spansOfFlow } from './spans-of-flow';

const T0 = 1_764_050_000_000;
const nanos = (offsetMs: number): string => (BigInt(T0) * 1_000_000n + BigInt(Math.round(offsetMs * 1e6))).toString();

function recordsOf(events: readonly FlowEvent[]): { flow: FlowRecord; checkpoints: readonly CheckpointRecord[] } {
  const { flow, checkpoints } = viewFlow(joinEvents(emptyFlow(events[0]!.flow_id), events));
  return { flow, checkpoints };
}

const sent = ({ flow, checkpoints }: ReturnType<typeof recordsOf>): Promise<SentSpan[]> =>
  readSpans(JSON.stringify({ resourceSpans: [resourceSpans(flow, spansOfFlow(flow, checkpoints, true), '1.2.3')] }));

describe('spansOfFlow', () => {
  it('is a span for the flow and one for each checkpoint below it, as the published definitions have them', async () => {
    const events = chatFlow({ startedTs: T0 });
    const spans = await sent(recordsOf(events));
    const byName = new Map(spans.map((span) => [span.name, span]));
    const [root, auth, llm, tool] = ['POST /ask/stream', 'auth_check', 'llm_thinking', 'tool_call'].map((name) =>
      byName.get(name)!,
    );
    expect(spans).toHaveLength(new Set(spans.map(({ spanId }) => spanId)).size);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(root).toMatchObject({ parentSpanId: '', startTimeUnixNano: nanos(0), service: 'chat' });
    expect(root!.attributes).toMatchObject({ 'flow.id': events[0]!.flow_id, 'user.id': '123' });
    expect(auth).toMatchObject({
      parentSpanId: root!.spanId,
      startTimeUnixNano: nanos(0),
      endTimeUnixNano: nanos(1.5),
      attributes: { status: 'passed' },
      status: {},
    });
    expect(llm).toMatchObject({
      parentSpanId: root!.spanId,
      startTimeUnixNano: nanos(2),
      endTimeUnixNano: nanos(20),
      kind: 3,
    });
    expect(tool).toMatchObject({
      parentSpanId: llm!.spanId,
      startTimeUnixNano: nanos(5),
      endTimeUnixNano: nanos(9.25),
      status: { code: 2, message: 'search took too long' },
      attributes: { 'gen_ai.tool.name': 'search', 'error.type': 'TimeoutError' },
    });
    expect(tool!.events).toMatchObject([
      {
        name: 'exception',
        attributes: { 'exception.type': 'TimeoutError', 'exception.message': 'search took too long' },
      },
    ]);
  });

  it('tells the wait of a call for its first chunk in seconds, as the conventions do', async () => {
    const { flow, checkpoints } = recordsOf(chatFlow({ startedTs: T0 }));
    const wait = { 'flow.first_chunk_ms': 250 };
    const toldBy = async (attributes: Attributes): Promise<unknown> => {
      const [span] = await sent({ flow, checkpoints: [{ ...checkpoints[0]!, attributes }] }).then((spans) =>
        spans.slice(1),
      );
      return span!.attributes['gen_ai.response.time_to_first_chunk'];
    };
    expect(await toldBy({ ...wait, 'gen_ai.operation.name': 'chat' })).toBe(0.25);
    expect(await toldBy({ ...wait, 'gen_ai.request.model': 'm', 'gen_ai.response.time_to_first_chunk': 0.2 })).toBe(
      0.2,
    );
    expect(await toldBy(wait)).toBeUndefined();
  });

  it('has the same ids each time, in the trace that it was recorded in or in its own', async () => {
    const { flow, checkpoints } = recordsOf(chatFlow({ startedTs: T0 }));
    const own = { ...flow, flow_id: '01KAYPZXN0ZZZZZZZZZZZZZZZZ' };
    const ids = async (record: FlowRecord): Promise<string[]> =>
      (await sent({ flow: record, checkpoints })).flatMap(({ traceId, spanId }) => [traceId, spanId]);
    expect(await ids(own)).toEqual(await ids(own));
    expect((await ids(own))[0]).toBe('019abd6ff6a0ffffffffffffffffffff');
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect((await ids({ ...own, trace_id: traceId }))[0]).toBe(traceId);
    expect((await ids({ ...own, trace_id: 'not hex' }))[0]).toBe((await ids(own))[0]);
    expect((await ids({ ...own, trace_id: '0'.repeat(32) }))[0]).toBe((await ids(own))[0]);
  });

  it('keeps values of every kind', async () => {
    const { flow, checkpoints } = recordsOf(chatFlow({ startedTs: T0 }));
    const attributes = {
      text: 'é',
      yes: true,
      whole: 812,
      part: 0.5,
      huge: 2 ** 60,
      none: null,
      list: [1, 'a', [false]],
      map: { a: { b: 1 } },
    };
    const [root] = await sent({ flow: { ...flow, attributes }, checkpoints });
    expect(root!.attributes).toMatchObject(attributes);
  });

  it.each([
    ['aborted', {}],
    ['timed_out', { code: 2, message: 'timed out' }],
    ['lost', { code: 2, message: 'lost' }],
  ] as const)('says that a flow is %s', async (status, expected) => {
    const { flow, checkpoints } = recordsOf(chatFlow({ startedTs: T0 }));
    const [root] = await sent({ flow: { ...flow, status, error: null }, checkpoints });
    expect(root!.status).toEqual(expected);
    expect(root!.attributes['flow.status']).toBe(status);
  });

  it('ends what still runs with the flow', async () => {
    const { flow, checkpoints } = recordsOf(chatFlow({ startedTs: T0 }));
    const running = { ...checkpoints[0]!, status: 'running' as const, ended_ts: null, duration_ms: null };
    const [, span] = await sent({ flow: { ...flow, ended_ts: T0 + 40 }, checkpoints: [running] });
    expect(span).toMatchObject({ endTimeUnixNano: nanos(40), attributes: { 'flow.status': 'running' } });
  });
});
