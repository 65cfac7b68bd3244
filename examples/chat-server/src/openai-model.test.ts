import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenAiModel } from './openai-model';
import type { ToolCall } from './tools';

const signal = new AbortController().signal;
const chunk = (delta: object, rest: object = {}) => ({ choices: [{ delta }], ...rest });
const call = (index: number, piece: object) => ({ tool_calls: [{ index, ...piece }] });

/** A model that asks for a tool first, in pieces, and answers with its result then. */
function chunksFor(messages: { role: string; content?: string }[]): object[] {
  const result = messages.find(({ role }) => role === 'tool')?.content;
  if (result === undefined) {
    return [
      chunk(call(0, { id: 'c1', function: { name: 'search_docs', arguments: '' } })),
      chunk(call(0, { function: { arguments: '{"query":' } })),
      chunk(call(0, { function: { arguments: '"exports"}' } })),
      { choices: [], usage: { prompt_tokens: 10, completion_tokens: 3 } },
    ];
  }
  return [
    chunk({ content: 'Found: ' }),
    chunk({ content: result }),
    { choices: [], usage: { prompt_tokens: 20, completion_tokens: 5 } },
  ];
}

describe('a model behind an OpenAI-compatible endpoint', () => {
  let server: Server;
  let baseUrl: string;
  let status = 200;
  let authorization: string | undefined;

  beforeAll(async () => {
    server = createServer((req, res) => {
      authorization = req.headers.authorization;
      let body = '';
      req.on('data', (data: Buffer) => (body += data.toString()));
      req.on('end', () => {
        const { messages } = JSON.parse(body) as { messages: { role: string; content?: string }[] };
        res.writeHead(status, { 'content-type': 'text/event-stream' });
        for (const data of chunksFor(messages)) res.write(`data: ${JSON.stringify(data)}\n\n`);
        res.end('data: [DONE]\n\n');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('runs the tool that the model asks for, and streams the answer', async () => {
    status = 200;
    const calls: ToolCall[] = [];
    const reply = createOpenAiModel({ baseUrl, apiKey: 'k', model: 'm' }).reply('How do I export?', {
      signal,
      runTool: (toolCall) => {
        calls.push(toolCall);
        return Promise.resolve('the export page');
      },
    });
    const text = [];
    for await (const part of reply.chunks) text.push(part);
    expect(calls).toEqual([{ name: 'search_docs', query: 'exports' }]);
    expect(text.join('')).toBe('Found: the export page');
    expect(reply.usage()).toEqual({ inputTokens: 30, outputTokens: 8 });
    expect(authorization).toBe('Bearer k');
  });

  it('says so when the endpoint refuses', async () => {
    status = 500;
    const reply = createOpenAiModel({ baseUrl, apiKey: undefined, model: 'm' }).reply('Hello', {
      signal,
      runTool: () => Promise.resolve(''),
    });
    await expect(reply.chunks[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'model_failed',
      message: `The model at ${baseUrl} answered 500`,
    });
  });
});
