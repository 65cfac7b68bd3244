import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenAI } from '@ai-sdk/openai';
import { stepCountIs, streamText, tool } from 'ai';
import express from 'express';
import { z } from 'zod';
import { testTracking } from '@flow-tracking/express/testing';
import { events, type ModelAnswer, startModelServer } from '../testing/model-server';
import { trackModel, trackTools } from './index';

const piece = (delta: object, finishReason: string | null = null) => ({
  id: '1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});
const toolCall = { index: 0, id: 'c1', type: 'function', function: { name: 'wait', arguments: '{}' } };

/** Serves what the model answers, and leaves as soon as there is something of it. */
async function leave(answer: ModelAnswer) {
  const server = await startModelServer();
  server.answers = [answer];
  const model = trackModel(createOpenAI({ apiKey: 'k', baseURL: server.url }).chat('m'));
  const tracking = testTracking();
  const app = express();
  app.use(tracking);
  app.get('/', (req, res) => {
    const wait = tool({
      inputSchema: z.object({}),
      execute: (_input, { abortSignal }) =>
        new Promise<string>((_resolve, reject) => {
          res.write('waiting');
          abortSignal?.addEventListener('abort', () => {
            reject(abortSignal.reason as Error);
          });
        }),
    });
    const { signal: abortSignal } = req.flow;
    const tools = trackTools({ wait });
    const result = streamText({ model, prompt: 'Why?', tools, stopWhen: stepCountIs(2), abortSignal });
    void result.pipeTextStreamToResponse(res);
  });
  const http = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));

  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { signal: leaving.signal });
  await response.body?.getReader().read();
  leaving.abort();
  const flows = await tracking.flows();
  await server.close();
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeAllConnections();
  await closed;
  return flows;
}

it('ends as aborted with the flow of a client that leaves while the model answers', async () => {
  expect(await leave(events([piece({ content: 'a' })], null))).toMatchObject([
    {
      status: 'aborted',
      checkpoints: [{ name: 'llm_thinking', status: 'aborted', error: null, attributes: { 'flow.unended': true } }],
    },
  ]);
});

it('ends as aborted with the flow of a client that leaves while a tool runs', async () => {
  expect(await leave(events([piece({ tool_calls: [toolCall] }), piece({}, 'tool_calls')]))).toMatchObject([
    {
      status: 'aborted',
      checkpoints: [
        { name: 'llm_thinking', status: 'ok', checkpoints: [{ name: 'tool_call', status: 'aborted', error: null }] },
      ],
    },
  ]);
});
