import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { z } from 'zod';
import { currentFlow } from '@flow-tracking/express';
import { testTracking } from '@flow-tracking/express/testing';
import { onlyFlow, post, serve } from './serve.mjs';

async function search() {
  throw new Error('index is gone');
}

// docs:begin
/** Gives the request's flow what a tool throws. */
function tracked(name, tool) {
  return async (...args) => {
    try {
      return await currentFlow().run('tool_call', { 'gen_ai.tool.name': name }, () => tool(...args));
    } catch (error) {
      currentFlow().fail(error);
      throw error;
    }
  };
}
// docs:end

function createServer(withLine) {
  const server = new McpServer({ name: 'search', version: '1.0.0' });
  const inputSchema = { query: z.string() };
  if (withLine) {
    // docs:begin
    server.registerTool('search', { inputSchema }, tracked('search', search));
    // docs:end
  } else server.registerTool('search', { inputSchema }, search);
  return server;
}

async function flowOf(withLine) {
  const tracking = testTracking();
  const app = express();
  app.use(tracking, express.json());
  app.post('/mcp', async (req, res) => {
    const server = createServer(withLine);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    res.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(req, res, req.body);
  });
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'search', arguments: { query: 'exports' } },
  };
  const accept = { accept: 'application/json, text/event-stream' };
  const { text } = await serve(app, (url) => post(`${url}/mcp`, call, accept));
  assert.match(text, /"isError":true/);
  return onlyFlow(tracking);
}

test('MCP: a tool that throws', async () => {
  const without = await flowOf(false);
  assert.deepEqual([without.status, without.error, without.httpStatus], ['ok', null, 200]);
  const { status, error, httpStatus, checkpoints } = await flowOf(true);
  assert.deepEqual([status, error.message, httpStatus], ['error', 'index is gone', 200]);
  assert.deepEqual([checkpoints[0].name, checkpoints[0].error.message], ['tool_call', 'index is gone']);
});
