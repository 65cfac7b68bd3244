import { testTracking } from '@flow-tracking/express/testing';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app';
import { ChatError } from './errors';
import type { ChatModel, Reply, ReplyContext } from './model';

const tracking = testTracking();
let server: Server | undefined;

afterEach(async () => {
  tracking.clear();
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

const modelOf = (reply: (context: ReplyContext) => Reply): ChatModel => ({
  name: 'test-1',
  reply: (_message, context) => reply(context),
});
const replyOf = (chunks: AsyncIterable<string>): Reply => ({
  chunks,
  usage: () => ({ inputTokens: 3, outputTokens: 5 }),
});

async function ask(model: ChatModel, signal?: AbortSignal): Promise<Response> {
  const listening = createApp(tracking, model).listen(0, '127.0.0.1');
  server = listening;
  await new Promise((resolve) => listening.once('listening', resolve));
  return fetch(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/api/v1/ask/stream`, {
    method: 'POST',
    headers: { authorization: 'Bearer demo-123', 'content-type': 'application/json' },
    body: '{"message":"Hello"}',
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The checkpoints after those of the caller. */
async function llmPart() {
  const [flow, ...others] = await tracking.flows({ timeoutMs: 10_000 });
  expect(others).toEqual([]);
  expect(flow?.checkpoints.slice(0, 3).map(({ name }) => name)).toEqual(['auth_check', 'block_check', 'usage_check']);
  return { status: flow?.status, error: flow?.error, checkpoints: flow?.checkpoints.slice(3) };
}

describe('an answer of the chat server', () => {
  it('is a checkpoint with its tokens, and the tools that the model called under it', async () => {
    async function* chunks({ runTool }: ReplyContext): AsyncGenerator<string> {
      yield await runTool({ name: 'get_order_status', query: 'order 7' });
    }
    const response = await ask(modelOf((context) => replyOf(chunks(context))));
    expect(await response.text()).toContain('event: done');
    expect(await llmPart()).toMatchObject({
      status: 'ok',
      checkpoints: [
        {
          name: 'llm_thinking',
          status: 'ok',
          attributes: { 'gen_ai.request.model': 'test-1', 'gen_ai.usage.output_tokens': 5, 'flow.chunks': 1 },
          checkpoints: [{ name: 'tool_call', status: 'ok' }],
        },
        { name: 'llm_complete' },
      ],
    });
  });

  it.each([
    [
      'is not begun',
      (): Reply => {
        throw new ChatError('model_failed', 502, 'The model is away');
      },
    ],
    [
      'breaks off',
      (): Reply => {
        async function* chunks(): AsyncGenerator<string> {
          yield await Promise.resolve('Here');
          throw new ChatError('model_failed', 502, 'The model is away');
        }
        return replyOf(chunks());
      },
    ],
  ])('fails with the model when it %s', async (_when, reply) => {
    const text = await (await ask(modelOf(reply))).text();
    expect(text).toContain('event: error\ndata: {"error":{"code":"model_failed","message":"The model is away"}}');
    const error = { type: 'model_failed', message: 'The model is away' };
    const { status, error: told, checkpoints } = await llmPart();
    expect({ status, told }).toEqual({ status: 'error', told: error });
    expect(checkpoints).toMatchObject([
      { name: 'llm_thinking', status: 'error', error },
      { name: 'error', status: 'error' },
    ]);
    expect(checkpoints?.[0]?.attributes).not.toHaveProperty(['flow.unended']);
  });

  it.each([
    ['quietly', false],
    ['with an error', true],
  ])('is not complete when the client leaves and the model ends %s', async (_how, throws) => {
    const leaving = new AbortController();
    let endModel: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => (endModel = resolve));
    async function* chunks(signal: AbortSignal): AsyncGenerator<string> {
      yield 'Here';
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      // What the handler does with the end comes after it.
      setImmediate(() => endModel?.());
      if (throws) throw signal.reason;
    }
    const response = await ask(
      modelOf(({ signal }) => replyOf(chunks(signal))),
      leaving.signal,
    );
    await response.body?.getReader().read();
    leaving.abort();
    await ended;
    const before = tracking.stats().misused.ended_twice;
    expect(await llmPart()).toMatchObject({
      status: 'aborted',
      checkpoints: [{ name: 'llm_thinking', status: 'aborted', error: null, attributes: { 'flow.unended': true } }],
    });
    expect(before).toBe(0);
  });
});
