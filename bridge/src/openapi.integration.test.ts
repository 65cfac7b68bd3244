import { Ajv2020 } from 'ajv/dist/2020';
import type { Client } from 'pg';
import { request, startTestBridge } from '../../test/support/bridge';
import { addCalls, addStats, connectHistory, insertFlows } from '../../test/support/history-rows';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { createApp, type AppOptions } from './app';

interface Operation {
  parameters?: { name: string; in: string; schema: object }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  security: object[];
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

/** What those take that take a body. */
const BODIES: Readonly<Record<string, RequestInit>> = {
  '/v1/traces': { headers: { 'Content-Type': 'application/json' }, body: '{}' },
};

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let client: Client;
let document: Document;
let ajv: Ajv2020;
/** `get /path 200` of every answer that was compared. */
const compared = new Set<string>();

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
  client = await connectHistory(database.url);
  document = (await request(`${bridge.url}/openapi.json`)).body as Document;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'bridge', ...document });
  const error = { type: 'TimeoutError', message: 'late' };
  await insertFlows(client, [
    { user_id: 'u', session_id: 's', error, trace_id: 'abc', checkpoints: ['a', 'b'] },
    { user_id: 'u', session_id: 's', status: 'running', checkpoint_status: 'running' },
    { user_id: null, status: 'lost', duration_ms: 1.5 },
  ]);
  await addStats(client, [{ checkpoint: 'a', ended_ts: Date.now() - 60_000, durations_ms: [1, 2, 3], errors: 1 }]);
  await addCalls(client, [{ checkpoint: 'a', model: 'm', ended_ts: Date.now() - 60_000, first_chunks_ms: [7] }]);
});

afterAll(async () => {
  await client.end();
  await bridge.stop();
  await database.drop();
});

/** Asks the bridge, and compares status and answer with what the document says of them. */
async function compare(method: string, path: string, url: string, expected: number): Promise<unknown> {
  const response = await fetch(bridge.url + url, { method, ...BODIES[path] });
  const text = await response.text();
  const operation = document.paths[path]?.[method.toLowerCase()];
  const described = operation?.responses[String(response.status)];
  expect([url, response.status, described !== undefined, text.slice(0, 300)]).toEqual([
    url,
    expected,
    true,
    expect.any(String),
  ]);
  const type = String(response.headers.get('content-type')).replace(/;.*/, '');
  const pointer = [
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    String(response.status),
    'content',
    type,
    'schema',
  ];
  const validate = ajv.getSchema(
    `bridge#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`,
  );
  const lines = type === 'application/x-ndjson' ? text.trimEnd().split('\n') : [text];
  const isText = type === 'text/plain' || type === 'application/json-seq';
  const bodies = isText ? lines : lines.map((line) => JSON.parse(line) as unknown);
  for (const body of bodies) {
    expect([url, validate?.(body), validate?.errors]).toEqual([url, true, null]);
  }
  compared.add(`${method.toLowerCase()} ${path} ${response.status}`);
  return bodies[0];
}

describe('openapi.json', () => {
  it('has every route of the app, and each of them only once', () => {
    const unset = (_target: object, name: string | symbol) => (name === 'otlpMaxBytes' ? 1 : () => undefined);
    const nothing = new Proxy({}, { get: unset }) as AppOptions;
    const routes = createApp(nothing).router.stack.flatMap(({ route }) => {
      const methods = Object.keys((route as unknown as { methods?: object } | undefined)?.methods ?? {});
      // What refuses other methods is a route of every method there is.
      return methods.length > 5 ? [] : methods.map((name) => `${name} ${route?.path}`);
    });
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((name) => `${name} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(routes.length).toBeGreaterThan(10);
    expect(described.sort()).toEqual(routes.sort());
  });

  it('resolves every reference in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of new Set(references)) expect(ajv.getSchema(`bridge${reference}`)).toBeDefined();
  });

  it('describes the answers as they are', async () => {
    const flows = (await compare('GET', '/api/v1/flows', '/api/v1/flows?limit=1', 200)) as {
      flows: { flow_id: string }[];
      next_cursor: string;
    };
    const flowId = flows.flows[0]?.flow_id;
    await compare('GET', '/api/v1/flows', `/api/v1/flows?cursor=${flows.next_cursor}&q=u`, 200);
    await compare('GET', '/api/v1/flows/user/{userId}', '/api/v1/flows/user/u', 200);
    await compare('GET', '/api/v1/flows/session/{sessionId}', '/api/v1/flows/session/s', 200);
    await compare('GET', '/api/v1/flows/session', '/api/v1/flows/session?session=s', 200);
    await compare('GET', '/api/v1/flows/{flowId}', `/api/v1/flows/${flowId}`, 200);
    await compare('GET', '/api/v1/flows/export', '/api/v1/flows/export', 200);
    await compare('GET', '/api/v1/flows/export', '/api/v1/flows/export?format=json', 200);
    await compare('GET', '/api/v1/stats/checkpoints', '/api/v1/stats/checkpoints', 200);
    await compare('GET', '/api/v1/checks', '/api/v1/checks?user=u&keep_flow=true', 200);
    await compare('GET', '/api/v1/stats/checkpoints/summary', '/api/v1/stats/checkpoints/summary', 200);
    const histogram = '/api/v1/stats/checkpoints/histogram';
    await compare('GET', histogram, histogram, 200);
    await compare('GET', '/api/v1/checkpoints', '/api/v1/checkpoints', 200);
    await compare('GET', '/api/v1/checkpoints/slow', '/api/v1/checkpoints/slow?min_duration_ms=1', 200);
    await compare('GET', '/api/v1/services', '/api/v1/services', 200);
    await compare('GET', '/api/v1/flows/running', '/api/v1/flows/running', 200);
    await compare('GET', '/api/v1/users', '/api/v1/users', 200);
    await compare('POST', '/api/v1/monitoring/enable/{userId}', '/api/v1/monitoring/enable/u?reason=why', 200);
    await compare('GET', '/api/v1/monitoring/list', '/api/v1/monitoring/list', 200);
    await compare('POST', '/api/v1/monitoring/disable/{userId}', '/api/v1/monitoring/disable/u', 200);
    await compare('GET', '/api/v1/monitoring/audit', '/api/v1/monitoring/audit', 200);
    await compare('DELETE', '/api/v1/users/{userId}', '/api/v1/users/u', 200);
    await compare('POST', '/api/v1/monitoring/enable', '/api/v1/monitoring/enable?user=..', 200);
    await compare('POST', '/api/v1/monitoring/disable', '/api/v1/monitoring/disable?user=..', 200);
    await compare('DELETE', '/api/v1/users', '/api/v1/users?user=..', 200);
    await compare('GET', '/api/v1/live', '/api/v1/live?user=u&user=v&wait_ms=0', 200);
    await compare('POST', '/v1/traces', '/v1/traces', 200);
    await compare('GET', '/healthz', '/healthz', 200);
    await compare('GET', '/readyz', '/readyz', 200);
    await compare('GET', '/metrics', '/metrics', 200);
    await compare('GET', '/openapi.json', '/openapi.json', 200);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path} 200`),
    );
    expect([...compared].sort()).toEqual(operations.sort());
  });

  it('describes the errors as they are', async () => {
    await compare('GET', '/api/v1/flows', '/api/v1/flows?limit=x', 400);
    await compare('GET', '/api/v1/flows/{flowId}', '/api/v1/flows/01J00000000000000000000000', 404);
    await compare('GET', '/api/v1/flows/session/{sessionId}', '/api/v1/flows/session/none', 404);
    await compare('GET', '/api/v1/monitoring/list', '/api/v1/monitoring/list?x=1', 400);
    await compare('GET', '/api/v1/live', '/api/v1/live', 400);
  });

  it('names the parameters that are taken, and no others', async () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const operation = operations['get'];
      if (operation === undefined || operation.security.length === 0) continue;
      const known = operation.parameters?.filter((parameter) => parameter.in === 'query').map(({ name }) => name) ?? [];
      const url = bridge.url + path.replaceAll(/\{\w+\}/g, 'x');
      // Each given twice, with a NUL where two are taken, is refused by name: what is not named here is not known there either.
      const query = [...known, 'unknown'].map((name) => `${name}=a&${name}=b%00`).join('&');
      const { body } = await request(`${url}?${query}`);
      const refused = (body.error.details as { field: string }[]).map(({ field }) => field.split('.')[0]);
      expect([path, refused.sort()]).toEqual([path, [...known, 'unknown'].sort()]);
    }
  });
});

describe('methods', () => {
  it.each([
    ['POST', '/api/v1/flows', 'GET, HEAD'],
    ['DELETE', '/api/v1/flows/export', 'GET, HEAD'],
    ['GET', '/api/v1/users/u', 'DELETE'],
    ['GET', '/api/v1/monitoring/enable/u', 'POST'],
    ['PATCH', '/openapi.json', 'GET, HEAD'],
  ])('other than those of the path are refused: %s %s', async (method, path, allow) => {
    const response = await fetch(bridge.url + path, { method });
    const { error } = (await response.json()) as { error: { code: string } };
    expect([response.status, error.code, response.headers.get('allow')]).toEqual([405, 'method_not_allowed', allow]);
  });

  it('HEAD answers as GET does, without the body', async () => {
    const get = await fetch(`${bridge.url}/api/v1/monitoring/list`);
    const head = await fetch(`${bridge.url}/api/v1/monitoring/list`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      get.headers.get('content-length'),
      '',
    ]);
  });

  it('answers 404 to paths that are none', async () => {
    const { status, body } = await request(`${bridge.url}/api/v2/flows`);
    expect([status, body.error.code]).toEqual([404, 'not_found']);
  });
});
