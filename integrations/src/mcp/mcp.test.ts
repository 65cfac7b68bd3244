import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import express from 'express';
import { z } from 'zod';
import { currentFlow } from '@flow-tracking/express';
import { testTracking } from '@flow-tracking/express/testing';
import { outcomeOf } from '../testing/outcome';
import { outlineOf, record } from '../testing/record';
import { trackMcpClient, trackMcpServer } from './index';

/** Told when a call has begun to wait. */
let onWait: () => void = () => undefined;

function toolServer(prepare: (server: McpServer) => void = () => undefined): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  prepare(server);
  server.registerTool('search', { inputSchema: { q: z.string() } }, ({ q }) => {
    currentFlow().checkpoint('cache_miss');
    return { content: [{ type: 'text', text: `found ${q}` }] };
  });
  server.registerTool('refuse', {}, () => ({ content: [{ type: 'text', text: 'not for you' }], isError: true }));
  server.registerTool('break', {}, () => {
    throw new RangeError('too far');
  });
  server.registerTool('wait', {}, ({ signal }) => {
    onWait();
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  });
  return server;
}

/** A client of the server, both in this process. */
async function connected(server: McpServer | Server): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1.0.0' });
  await Promise.all([server.connect(far), client.connect(near)]);
  return client;
}

type Use = (client: Client) => unknown;
const search: Use = (client) => client.callTool({ name: 'search', arguments: { q: 'x' } });

describe('a tracked client', () => {
  /** Does the same with a plain client and with a tracked one, and gives what the tracked one recorded. */
  async function both(use: Use, options?: Parameters<typeof trackMcpClient>[1]) {
    const plain = await outcomeOf(async () => use(await connected(toolServer())));
    const client = trackMcpClient(await connected(toolServer()), options);
    const { result: outcome, flow } = await record(() => outcomeOf(() => use(client)));
    expect(outcome).toEqual(plain);
    return { outcome, checkpoints: flow.checkpoints };
  }

  it('records a call with tool and server, and nothing of its content', async () => {
    const { outcome, checkpoints } = await both(search);
    expect(outcome).toMatchObject({ result: { content: [{ text: 'found x' }] } });
    expect(checkpoints).toMatchObject([{ name: 'tool_call', status: 'ok', error: null }]);
    expect(checkpoints[0]?.attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'mcp.method.name': 'tools/call',
      'mcp.server.name': 'notes',
    });
  });

  it('has arguments and results where they are wanted, and redacts them', async () => {
    const { checkpoints } = await both(search, { content: true });
    expect(checkpoints[0]?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': { q: 'x' },
      'gen_ai.tool.call.result': [{ type: 'text', text: 'found x' }],
    });
    const client = trackMcpClient(await connected(toolServer()), { content: true });
    const { flow } = await record(() => search(client), { redact: ['gen_ai.tool.call.result'] });
    expect(flow.checkpoints[0]?.attributes['gen_ai.tool.call.result']).toBe('[redacted]');
  });

  it('fails with a result that is an error, whose text is content', async () => {
    const refuse: Use = (client) => client.callTool({ name: 'refuse' });
    const { outcome, checkpoints } = await both(refuse);
    expect(outcome).toMatchObject({ result: { isError: true } });
    expect(checkpoints).toMatchObject([{ status: 'error', error: { type: 'tool_error', message: '' } }]);
    const open = await both(refuse, { content: true });
    expect(open.checkpoints).toMatchObject([{ status: 'error', error: { message: 'not for you' } }]);
  });

  it('fails with a call that throws, as one that takes too long', async () => {
    const { outcome, checkpoints } = await both((client) =>
      client.callTool({ name: 'wait' }, undefined, { timeout: 20 }),
    );
    expect(outcome).toHaveProperty('error');
    expect(checkpoints).toMatchObject([{ status: 'error', error: { type: 'McpError' } }]);
  });

  it('is no error when the application stops it', async () => {
    const { outcome, checkpoints } = await both((client) => {
      const stop = new AbortController();
      onWait = () => {
        stop.abort();
      };
      return client.callTool({ name: 'wait' }, undefined, { signal: stop.signal });
    });
    expect(outcome).toHaveProperty('error');
    expect(checkpoints).toMatchObject([{ status: 'ok', attributes: { 'flow.aborted': true } }]);
  });

  it('is the client itself, tracked once, and does nothing where there is no flow', async () => {
    const client = await connected(toolServer());
    expect(trackMcpClient(trackMcpClient(client))).toBe(client);
    expect(await search(client)).toMatchObject({ content: [{ text: 'found x' }] });
    const { flow } = await record((own) => own.run('answer', () => search(client)));
    // A server in the same process records in the same flow.
    const call = ['tool_call', 'ok', [['cache_miss', 'ok', []]]];
    expect(outlineOf(flow.checkpoints)).toEqual([['answer', 'ok', [call]]]);
  });
});

describe('a tracked server', () => {
  /** @param isEarly it is tracked before it has tools */
  async function flowsOf(use: Use, isEarly = false) {
    const tracking = testTracking();
    const track = (server: McpServer): McpServer => trackMcpServer(server, { tracking });
    const client = await connected(isEarly ? toolServer(track) : track(toolServer()));
    const outcome = await outcomeOf(() => use(client));
    return { outcome, flows: await tracking.flows() };
  }

  it.each([false, true])(
    'records each call as a flow where there is none; tracked before its tools: %s',
    async (isEarly) => {
      const { outcome, flows } = await flowsOf(search, isEarly);
      expect(outcome).toMatchObject({ result: { content: [{ text: 'found x' }] } });
      expect(flows).toMatchObject([{ name: 'MCP tools/call search', status: 'ok' }]);
      expect(outlineOf(flows[0]?.checkpoints ?? [])).toEqual([['tool_call', 'ok', [['cache_miss', 'ok', []]]]]);
      expect(flows[0]?.checkpoints[0]?.attributes).toEqual({
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'search',
        'jsonrpc.request.id': '1',
        'mcp.method.name': 'tools/call',
        'mcp.server.name': 'notes',
      });
    },
  );

  it('has the error that a tool throws, of which the client gets the message', async () => {
    const { outcome, flows } = await flowsOf((client) => client.callTool({ name: 'break' }));
    expect(outcome).toEqual({ result: { content: [{ type: 'text', text: 'too far' }], isError: true } });
    const error = { type: 'RangeError', message: 'too far' };
    expect(flows).toMatchObject([{ status: 'error', error, checkpoints: [{ status: 'error', error }] }]);
  });

  it('fails with a result that is an error, and with wrong arguments', async () => {
    for (const call of [{ name: 'refuse' }, { name: 'search', arguments: { q: 7 } }]) {
      const { flows } = await flowsOf((client) => client.callTool(call));
      expect(flows).toMatchObject([
        { status: 'error', checkpoints: [{ status: 'error', error: { type: 'tool_error' } }] },
      ]);
    }
  });

  it('ends a call as aborted that its client cancels', async () => {
    const { flows } = await flowsOf((client) => {
      const stop = new AbortController();
      onWait = () => {
        stop.abort();
      };
      return client.callTool({ name: 'wait' }, undefined, { signal: stop.signal });
    });
    expect(flows).toMatchObject([{ status: 'aborted', checkpoints: [{ name: 'tool_call', status: 'aborted' }] }]);
  });

  it('may be a plain one, whose handler throws', async () => {
    const tracking = testTracking();
    const server = trackMcpServer(new Server({ name: 'plain', version: '1.0.0' }, { capabilities: { tools: {} } }), {
      tracking,
    });
    expect(trackMcpServer(server)).toBe(server);
    server.setRequestHandler(CallToolRequestSchema, () => {
      throw new RangeError('too far');
    });
    const client = await connected(server);
    expect(await outcomeOf(() => search(client))).toMatchObject({
      error: { message: expect.stringContaining('too far') },
    });
    const error = { type: 'RangeError', message: 'too far' };
    expect(await tracking.flows()).toMatchObject([
      { status: 'error', error, checkpoints: [{ status: 'error', error }] },
    ]);
  });

  it('records nothing where there is neither a flow nor a tracking', async () => {
    const client = await connected(trackMcpServer(toolServer()));
    expect(await search(client)).toMatchObject({ content: [{ text: 'found x' }] });
  });

  it('joins the flow of the request that calls it over HTTP', async () => {
    const tracking = testTracking();
    const app = express();
    app.use(tracking, express.json());
    app.post('/mcp', async (req, res) => {
      const server = trackMcpServer(toolServer());
      const transport = new StreamableHTTPServerTransport({});
      res.on('close', () => void server.close());
      await server.connect(transport);
      await transport.handleRequest(req, res, req.body);
    });
    const http = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => http.once('listening', resolve));
    const client = trackMcpClient(new Client({ name: 'test', version: '1.0.0' }));
    const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
    await client.connect(new StreamableHTTPClientTransport(url));
    const { flow: asking } = await record(() => search(client));
    await client.callTool({ name: 'break' });
    await client.close();

    const spoken = { 'mcp.server.name': 'notes', 'mcp.protocol.version': LATEST_PROTOCOL_VERSION };
    expect(asking.checkpoints).toMatchObject([{ name: 'tool_call', attributes: spoken }]);
    const served = (await tracking.flows()).filter(({ checkpoints }) => checkpoints.length > 0);
    expect(served).toMatchObject([
      {
        name: 'POST /mcp',
        status: 'ok',
        checkpoints: [{ name: 'tool_call', attributes: spoken, checkpoints: [{ name: 'cache_miss' }] }],
      },
      { name: 'POST /mcp', status: 'error', httpStatus: 200, error: { message: 'too far' } },
    ]);
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeAllConnections();
    await closed;
  });
});

it('refuses what is neither server nor client', () => {
  // @ts-expect-error -- no client
  expect(() => trackMcpClient({})).toThrow(expect.objectContaining({ code: 'invalid_client' }));
  // @ts-expect-error -- no server
  expect(() => trackMcpServer(null)).toThrow(
    expect.objectContaining({
      message: 'Expected a server of the package @modelcontextprotocol/sdk; got null without handlers of requests',
    }),
  );
});
