import { createOpenAI } from '@ai-sdk/openai';
import { context, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { embed, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { FlowSpanProcessor } from '@flow-tracking/integrations/otel';
import { currentFlow } from '@flow-tracking/express';
import { call, lastPiece, piece, whole } from '../testing/chat-completions';
import { flowOfLeavingClient } from '../testing/leaving-client';
import { events, heldBack, json, type ModelServer, startModelServer } from '../testing/model-server';
import { outlineOf, record } from '../testing/record';

let server: ModelServer;

beforeAll(async () => {
  new NodeTracerProvider({ spanProcessors: [new FlowSpanProcessor()] }).register();
  server = await startModelServer();
});
afterAll(async () => {
  context.disable();
  trace.disable();
  await server.close();
});

const openai = () => createOpenAI({ apiKey: 'k', baseURL: `${server.url}/v1` });
const experimental_telemetry = { isEnabled: true, functionId: 'ask' };
const request = () => ({ model: openai().chat('gpt-4o-mini'), prompt: 'Why?', experimental_telemetry });

const toolCalls = [call(0, 'c1', 'search', '{"q":"x"}'), call(1, 'c2', 'weather', '{"city":"Rome"}')];
const toolPieces = [piece({ role: 'assistant', tool_calls: toolCalls }), piece({}, 'tool_calls'), lastPiece];
const answerPieces = [
  piece({ role: 'assistant', content: 'Because ' }),
  piece({ content: 'of that.' }),
  piece({}, 'stop'),
  lastPiece,
];
const search = tool({
  inputSchema: z.object({ q: z.string() }),
  execute: ({ q }) => {
    currentFlow().checkpoint('cache_miss');
    return `found ${q}`;
  },
});
const weather = tool({
  inputSchema: z.object({ city: z.string() }),
  execute: (): string => {
    throw new RangeError('too far');
  },
});

const answered = {
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024',
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 5,
  'gen_ai.usage.cache_read.input_tokens': 8,
  'gen_ai.usage.reasoning.output_tokens': 3,
};

describe("the AI SDK's telemetry", () => {
  it('is a tree of the calls of the model and of its tools, with what they tell, and nothing of their content', async () => {
    server.answers = [events(toolPieces), events(answerPieces)];
    const { flow } = await record(async () => {
      await streamText({ ...request(), tools: { search, weather }, stopWhen: stepCountIs(3) }).consumeStream();
    });
    expect(outlineOf(flow.checkpoints)).toEqual([
      [
        'ai.streamText',
        'ok',
        [
          ['llm_thinking', 'ok', []],
          ['tool_call', 'ok', []],
          ['tool_call', 'error', []],
          ['llm_thinking', 'ok', []],
        ],
      ],
      ['cache_miss', 'ok', []],
    ]);
    const [asking, found, failed, answering] = flow.checkpoints[0]?.checkpoints ?? [];
    for (const [model, reason] of [
      [asking, 'tool-calls'],
      [answering, 'stop'],
    ] as const) {
      expect(model?.attributes).toMatchObject({ ...answered, 'gen_ai.response.finish_reasons': [reason] });
      expect(model?.attributes['flow.first_chunk_ms']).toBe(model?.attributes['ai.response.msToFirstChunk']);
      expect(model?.attributes['flow.first_chunk_ms']).toBeGreaterThan(0);
    }
    expect(found?.attributes).toMatchObject({ 'gen_ai.tool.name': 'search', 'gen_ai.tool.call.id': 'c1' });
    expect(failed).toMatchObject({
      error: { type: 'RangeError', message: 'too far' },
      attributes: { 'gen_ai.tool.name': 'weather', 'gen_ai.tool.call.id': 'c2' },
    });
    // The sum of both steps is no call of its own.
    expect(flow.checkpoints[0]?.attributes).not.toHaveProperty(['gen_ai.usage.input_tokens']);
    expect(flow.checkpoints[0]?.attributes['ai.usage.inputTokens']).toBe(40);
    expect(JSON.stringify(flow)).not.toMatch(/Why|Because|Rome|found/);
  });

  it('shows a stream while it runs', async () => {
    const held = heldBack(answerPieces.slice(0, 1), answerPieces.slice(1));
    server.answers = [held.answer];
    const { flow } = await record(async (_own, tracking) => {
      for await (const text of streamText(request()).textStream) {
        if (text !== 'Because ') continue;
        const [running] = await tracking.flows({ timeoutMs: 0 });
        expect(outlineOf(running?.checkpoints ?? [])).toEqual([
          ['ai.streamText', 'running', [['llm_thinking', 'running', []]]],
        ]);
        expect(running?.checkpoints[0]?.checkpoints[0]?.attributes).toMatchObject({
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-4o-mini',
        });
        held.release();
      }
    });
    expect(outlineOf(flow.checkpoints)).toEqual([['ai.streamText', 'ok', [['llm_thinking', 'ok', []]]]]);
  });

  it('fails with the error of the model', async () => {
    server.answers = [json({ error: { message: 'no', type: 'refused', code: 'c' } }, 400)];
    const { flow } = await record(async () => {
      await streamText({ ...request(), maxRetries: 0, onError: () => undefined }).consumeStream();
    });
    const error = { type: 'AI_APICallError', message: 'no' };
    expect(flow.checkpoints).toMatchObject([
      {
        name: 'ai.streamText',
        status: 'error',
        error,
        checkpoints: [{ name: 'llm_thinking', status: 'error', error }],
      },
    ]);
  });

  it('ends with a stream that the application stops, though the SDK never ends the span of its step', async () => {
    server.answers = [heldBack(answerPieces.slice(0, 1), []).answer];
    const stop = new AbortController();
    const { flow } = await record(async () => {
      for await (const text of streamText({ ...request(), abortSignal: stop.signal }).textStream) {
        if (text === 'Because ') stop.abort();
      }
    });
    expect(outlineOf(flow.checkpoints)).toEqual([['ai.streamText', 'ok', [['llm_thinking', 'ok', []]]]]);
    expect(flow.checkpoints[0]?.checkpoints[0]?.attributes).toMatchObject({
      'gen_ai.request.model': 'gpt-4o-mini',
      'flow.aborted': true,
    });
  });

  it('ends as aborted when the client leaves', async () => {
    server.answers = [events(answerPieces.slice(0, 1), null)];
    const flow = await flowOfLeavingClient(async (req, res) => {
      for await (const text of streamText({ ...request(), abortSignal: req.flow.signal }).textStream) res.write(text);
    });
    expect(flow.status).toBe('aborted');
    expect(flow.checkpoints[0]?.checkpoints).toMatchObject([
      { name: 'llm_thinking', status: 'aborted', attributes: { 'flow.unended': true } },
    ]);
  });

  it('is there for answers as a whole, and for embeddings', async () => {
    const embedding = { object: 'embedding', index: 0, embedding: [1, 2] };
    server.answers = [
      json(whole({ content: 'Yes' })),
      json({ object: 'list', model: 'embed-2', data: [embedding], usage: { prompt_tokens: 4, total_tokens: 4 } }),
    ];
    const { flow } = await record(async () => {
      await generateText(request());
      await embed({ model: openai().embedding('embed'), value: 'Why?', experimental_telemetry });
    });
    expect(outlineOf(flow.checkpoints)).toEqual([
      ['ai.generateText', 'ok', [['llm_thinking', 'ok', []]]],
      ['ai.embed', 'ok', [['llm_thinking', 'ok', []]]],
    ]);
    const [chat, embedded] = flow.checkpoints.map(({ checkpoints }) => checkpoints[0]?.attributes);
    expect(chat).toMatchObject({ ...answered, 'gen_ai.response.finish_reasons': ['stop'] });
    expect(embedded).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'embed',
      'gen_ai.usage.input_tokens': 4,
    });
    expect(JSON.stringify(flow)).not.toMatch(/Why|Yes/);
  });
});
