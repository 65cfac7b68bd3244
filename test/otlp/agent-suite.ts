import type { FlowDetail, FlowEvent } from '@flow-tracking/protocol';
import { request, startTestBridge } from '../support/bridge';
import { connectLive } from '../support/live-client';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../support/services';
import { waitFor } from '../support/wait-for';
import { startExporter, type Exporter, type ToldSpan } from './start-exporter';

/** An SDK in a process of its own. */
export interface Sdk {
  /** Its file, as an absolute path. */
  file: () => string;
  /** What leads it to a bridge. */
  env: (bridgeUrl: string, token: string) => Record<string, string>;
  /** It tells the beginning of its spans. */
  isPending: boolean;
  service: string;
}

const TOKENS = { FLOW_READ_TOKENS: 'reads', FLOW_CONTROL_TOKENS: 'controls', FLOW_WRITE_TOKENS: 'writes' };
const headers = { Authorization: 'Bearer controls' };

/** The turn of agent.mjs, as it has to be seen whichever SDK sends it. */
export function describeAgent(name: string, sdk: Sdk): void {
  describe(name, () => {
    let database: TestDatabase;
    let bridge: Awaited<ReturnType<typeof startTestBridge>>;
    let exporter: Exporter;

    beforeAll(async () => {
      database = await createTestDatabase();
      bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix(), env: TOKENS });
    });

    afterAll(async () => {
      exporter.kill();
      await bridge.stop();
      await database.drop();
    });

    async function detailOf(traceId: string): Promise<FlowDetail> {
      const { body } = await request(`${bridge.url}/api/v1/flows?q=${traceId}`, { headers });
      const ids = (body.flows as { flow_id: string }[]).map(({ flow_id }) => flow_id);
      expect(ids).toHaveLength(1);
      return (await request(`${bridge.url}/api/v1/flows/${ids[0]}`, { headers })).body as FlowDetail;
    }

    it('shows the turn of an agent, with its parents, times and tokens', async () => {
      await request(`${bridge.url}/api/v1/monitoring/enable/ann?ttl_hours=1`, { method: 'POST', headers });
      const viewer = await connectLive(`${bridge.liveUrl}/ann`, { headers });
      await viewer.next('snapshot');
      const begins = (): FlowEvent[] =>
        viewer.received.flatMap(({ frame }) => (frame.type === 'events' ? frame.events : []));

      exporter = await startExporter(sdk.file(), {
        AGENT_USER: 'ann',
        ...sdk.env(bridge.url, TOKENS.FLOW_WRITE_TOKENS),
      });
      const told = new Map<string, ToldSpan>();
      const step = async (of: 'begin' | 'think' | 'finish'): Promise<void> => {
        for (const span of await exporter.step(of)) told.set(span.name, span);
      };
      await step('begin');
      const { traceId } = told.get('agent turn')!;
      if (sdk.isPending) {
        await viewer.next('events', ({ events }) =>
          events.some((event) => event.type === 'checkpoint' && event.checkpoint === 'llm_thinking'),
        );
        const running = begins().flatMap((event) => (event.type === 'checkpoint' ? [event] : []));
        expect(running.map(({ checkpoint, status }) => [checkpoint, status])).toEqual([
          ['agent turn', 'running'],
          ['llm_thinking', 'running'],
        ]);
        expect(running.map(({ ts }) => ts)).toEqual([told.get('agent turn')!.startMs, told.get('chat m-1')!.startMs]);
        expect(running[1]!.parent_id).toBe(running[0]!.node_id);
        await waitFor('it runs in history', async () => (await detailOf(traceId)).checkpoints.length === 2);
        expect((await detailOf(traceId)).flow).toMatchObject({ status: 'running', user_id: 'ann' });
      } else {
        expect(begins()).toEqual([]);
      }
      await step('think');
      await step('finish');
      const { code, output } = await exporter.ended();
      expect([code, output]).toEqual([0, '']);

      const { flow, checkpoints } = await waitFor('the flow has ended', async () => {
        const detail = await detailOf(traceId);
        return detail.flow.status === 'ok' && detail.checkpoints.length === 3 && detail;
      });
      const root = told.get('agent turn')!;
      expect(flow).toMatchObject({
        name: 'agent turn',
        service: sdk.service,
        user_id: 'ann',
        session_id: 'talk of ann',
        trace_id: traceId,
        error_count: 1,
        input_tokens: 120,
        output_tokens: 30,
      });
      expect(flow.duration_ms).toBeCloseTo(root.endMs - root.startMs, 2);
      const nodes = new Map(checkpoints.map((node) => [node.attributes['otel.span_id'], node]));
      for (const { spanId, parentId, startMs, endMs } of told.values()) {
        const node = nodes.get(spanId)!;
        expect(node.parent_id).toBe(parentId === '' ? null : nodes.get(parentId)!.node_id);
        expect(node.started_ts).toBeCloseTo(startMs, 2);
        expect(node.duration_ms).toBeCloseTo(endMs - startMs, 2);
      }
      expect(checkpoints.map(({ checkpoint, status }) => [checkpoint, status]).sort()).toEqual([
        ['agent turn', 'ok'],
        ['llm_thinking', 'ok'],
        ['tool_call', 'error'],
      ]);
      expect(nodes.get(told.get('lookup')!.spanId)!.error).toEqual({ type: 'RangeError', message: 'no such row' });
      await viewer.close();
    });
  });
}
