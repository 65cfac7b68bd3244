import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { ChatOpenAI } from '@langchain/openai';
import express from 'express';
import { testTracking } from '@flow-tracking/express/testing';
import { events, startModelServer } from '../testing/model-server';
import { outlineOf } from '../testing/record';
import { FlowCallbackHandler } from './index';

it('ends as aborted with the flow of a client that leaves, with the node that it is in', async () => {
  const server = await startModelServer();
  const piece = {
    id: '1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { role: 'assistant', content: 'a' }, finish_reason: null }],
  };
  server.answers = [events([piece], null)];
  const model = new ChatOpenAI({ model: 'm', apiKey: 'k', streaming: true, configuration: { baseURL: server.url } });
  const State = Annotation.Root({ text: Annotation<string> });
  const graph = new StateGraph(State)
    .addNode('draft', async () => ({ text: (await model.invoke('Why?')).text }))
    .addEdge(START, 'draft')
    .addEdge('draft', END)
    .compile();
  const callbacks = [new FlowCallbackHandler()];
  const tracking = testTracking();
  const app = express();
  app.use(tracking);
  app.get('/', async (req, res) => {
    const { signal } = req.flow;
    const stream = await graph.stream({ text: '' }, { callbacks, signal, streamMode: 'messages' });
    for await (const [message] of stream) res.write(message.text);
  });
  const http = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));

  const leaving = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { signal: leaving.signal });
  await answer.body?.getReader().read();
  leaving.abort();

  const [flow] = await tracking.flows();
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeAllConnections();
  await Promise.all([server.close(), closed]);
  expect(flow?.status).toBe('aborted');
  expect(outlineOf(flow?.checkpoints ?? [])).toEqual([['draft', 'aborted', [['llm_thinking', 'aborted', []]]]]);
});
