import type { ExportedFlow, FlowExport } from '@flow-tracking/protocol';
import type { Client } from 'pg';
import { request, startTestBridge } from '../../../../test/support/bridge';
import { connectHistory, insertFlows } from '../../../../test/support/history-rows';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../../test/support/services';

const FLOWS = 3_000;
const BIG_FLOW = 7_000;
const now = Date.now();

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let client: Client;
let ids: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
  client = await connectHistory(database.url);
  const flows = Array.from({ length: FLOWS }, (_, i) => ({
    user_id: i % 3 === 0 ? 'third' : 'other',
    // Several of one moment, over the ends of pages.
    started_ts: now - 3_600_000 + (i >> 3),
    checkpoints: ['auth_check', 'llm_thinking', 'quote "\n" é'],
  }));
  ids = await insertFlows(client, flows);
  await insertFlows(client, [{ user_id: 'big', checkpoints: Array<string>(BIG_FLOW).fill('step') }]);
});

afterAll(async () => {
  await client.end();
  await bridge.stop();
  await database.drop();
});

const exportUrl = (query = '') => `${bridge.url}/api/v1/flows/export?${query}`;

describe('export', () => {
  it('writes every flow once, newest first, with its checkpoints, a line each', async () => {
    const response = await fetch(exportUrl());
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="flows-\d{8}-\d{6}\.ndjson"$/);
    const text = await response.text();
    expect(text.endsWith('}\n')).toBe(true);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ExportedFlow);
    const [big, ...others] = lines;
    expect(big?.checkpoints.map(({ node_id }) => node_id)).toEqual(Array.from({ length: BIG_FLOW }, (_, i) => i + 1));
    expect(new Set(others.map(({ flow }) => flow.flow_id))).toEqual(new Set(ids));
    expect(others).toHaveLength(FLOWS);
    expect(
      others.every(({ flow, checkpoints }) => checkpoints.length === 3 && checkpoints[0]?.flow_id === flow.flow_id),
    ).toBe(true);
    expect(others.every(({ flow }, i) => i === 0 || flow.started_ts <= others[i - 1]!.flow.started_ts)).toBe(true);
  });

  it('writes the same as one JSON document', async () => {
    const lines = (await (await fetch(exportUrl('user=third'))).text()).trimEnd().split('\n');
    const response = await fetch(exportUrl('user=third&format=json'));
    expect(response.headers.get('content-disposition')).toMatch(/\.json"$/);
    const { flows } = (await response.json()) as FlowExport;
    expect(flows).toHaveLength(FLOWS / 3);
    expect(flows).toEqual(lines.map((line) => JSON.parse(line) as ExportedFlow));
  });

  it('is empty, not broken, when nothing passes the filters', async () => {
    expect(await (await fetch(exportUrl('user=nobody'))).text()).toBe('');
    expect(await (await fetch(exportUrl('user=nobody&format=json'))).json()).toEqual({ flows: [] });
  });

  it('answers HEAD without reading anything', async () => {
    const response = await fetch(exportUrl(), { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  });

  it('refuses what the list of flows refuses', async () => {
    for (const query of ['format=csv', 'limit=5', 'status=done', 'from=x']) {
      expect((await request(exportUrl(query))).body.error.code).toBe('invalid_request');
    }
  });

  describe('that fails half-way', () => {
    beforeAll(async () => {
      // More than sockets take in: the export waits for the client before its end.
      const checkpoints = Array<string>(25).fill('step');
      await insertFlows(
        client,
        Array.from({ length: 4_000 }, () => ({ user_id: 'much', checkpoints })),
      );
    });

    /** Pulls the table away from under the next page, while the export waits for the client to read on. */
    async function breakOff(format: string): Promise<string> {
      const response = await fetch(exportUrl(`user=much&format=${format}`));
      const reader = response.body!.getReader();
      const decoder = new TextDecoder();
      let text = decoder.decode((await reader.read()).value);
      await client.query('ALTER TABLE flow.checkpoints RENAME TO checkpoints_away');
      try {
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
          text += decoder.decode(chunk.value);
      } finally {
        await client.query('ALTER TABLE flow.checkpoints_away RENAME TO checkpoints');
      }
      return text;
    }

    it('ends with a line that tells the error', async () => {
      const lines = (await breakOff('ndjson')).trimEnd().split('\n');
      expect(lines.length).toBeLessThan(4_000);
      expect(JSON.parse(String(lines.at(-1)))).toEqual({ error: { code: 'internal', message: expect.any(String) } });
    });

    it('breaks the connection off instead of closing the JSON', async () => {
      await expect(breakOff('json')).rejects.toThrow('terminated');
    });
  });
});
