import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAI as createOpenAI2 } from 'ai-sdk-openai2';
import { generateObject, generateText, type LanguageModel, stepCountIs, streamText, tool, type ToolSet } from 'ai';
import { z } from 'zod';
import { currentFlow } from '@flow-tracking/express';
import type { TestFlow } from '@flow-tracking/express/testing';
import { call, lastPiece, piece, whole } from '../testing/chat-completions';
import { brokenOff, events, json, type ModelAnswer, type ModelServer, startModelServer } from '../testing/model-server';
import { collect, outcomeOf, type Outcome } from '../testing/outcome';
import { outlineOf, record } from '../testing/record';
import { type ContentOptions, trackModel, trackTools } from './index';

let server: ModelServer;

beforeAll(async () => {
  // The SDK warns of models of version 2.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const settings = () => ({ apiKey: 'k', baseURL: `${server.url}/v1` });
const chatModel = () => createOpenAI(settings()).chat('gpt-4o-mini');

const answerPieces = [
  piece({ role: 'assistant', content: 'Because ' }),
  piece({ content: 'of that.' }),
  piece({}, 'stop'),
  lastPiece,
];
const bothCalls = [call(0, 'c1', 'search', '{"q":"x"}'), call(1, 'c2', 'weather', '{"city":"Rome"}')];
const refusal = (status: number): ModelAnswer =>
  json({ error: { message: `no: ${status}`, type: 'refused', code: 'refused_for_now' } }, status, {
    'retry-after-ms': '1',
  });

const search = tool({
  description: 'Finds things.',
  inputSchema: z.object({ q: z.string() }),
  execute: ({ q }) => `found ${q}`,
});
const weather = tool({
  inputSchema: z.object({ city: z.string() }),
  // Yields what is known so far, as tools may.
  async *execute({ city }) {
    yield `asking in ${city}`;
    yield `sunny in ${city}`;
  },
});
const tools = { search, weather };

interface Seen {
  readonly outcome: Outcome;
  readonly flow: TestFlow;
}

/** Does the same with a plain model and with a tracked one, and gives what the tracked one recorded. */
async function both(
  answers: readonly ModelAnswer[],
  use: (model: LanguageModel, track: <Tools extends ToolSet>(tools: Tools) => Tools) => unknown,
  options?: ContentOptions,
): Promise<Seen> {
  const asked = () => server.requests.splice(0).map(({ path, body }) => [path, body]);
  server.answers = [...answers];
  const plain = await outcomeOf(() => use(chatModel(), (given) => given));
  const plainRequests = asked();
  server.answers = [...answers];
  const { result: outcome, flow } = await record(() =>
    outcomeOf(() => use(trackModel(chatModel(), options), (given) => trackTools(given, options))),
  );
  expect(outcome).toEqual(plain);
  expect(asked()).toEqual(plainRequests);
  return { outcome, flow };
}

const answered = {
  'gen_ai.provider.name': 'openai',
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024',
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 5,
  'gen_ai.usage.cache_read.input_tokens': 8,
  'gen_ai.usage.reasoning.output_tokens': 3,
};

describe('generateText', () => {
  it('is a checkpoint with what request and answer tell, and nothing of their content', async () => {
    const { flow, outcome } = await both([json(whole({ content: 'Because.' }))], async (model) => {
      const { text, finishReason, totalUsage, response } = await generateText({
        model,
        prompt: 'Why?',
        temperature: 0.5,
        maxOutputTokens: 9,
        stopSequences: ['x'],
      });
      return [text, finishReason, totalUsage, response.id, response.body];
    });
    expect(outcome).toMatchObject({ result: ['Because.', 'stop', { totalTokens: 25 }, 'chatcmpl-1', {}] });
    expect(flow.checkpoints).toMatchObject([{ name: 'llm_thinking', status: 'ok', error: null, checkpoints: [] }]);
    expect(flow.checkpoints[0]?.attributes).toEqual({
      ...answered,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.stop_sequences': ['x'],
    });
  });

  it('nests parallel tools below the call of the model that asked for them', async () => {
    const { flow, outcome } = await both(
      [json(whole({ tool_calls: bothCalls }, 'tool_calls')), json(whole({ content: 'Sunny.' }))],
      async (model, track) => {
        const { text, steps } = await generateText({
          model,
          prompt: 'Why?',
          tools: track(tools),
          stopWhen: stepCountIs(3),
        });
        return [text, steps.map(({ toolResults }) => toolResults)];
      },
    );
    expect(outcome).toMatchObject({
      result: ['Sunny.', [[{ output: 'found x' }, { output: 'sunny in Rome' }], []]],
    });
    expect(outlineOf(flow.checkpoints)).toEqual([
      [
        'llm_thinking',
        'ok',
        [
          ['tool_call', 'ok', []],
          ['tool_call', 'ok', []],
        ],
      ],
      ['llm_thinking', 'ok', []],
    ]);
    const [first] = flow.checkpoints;
    expect(first?.attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['tool-calls'],
      'flow.tool_calls': [
        { name: 'search', id: 'c1' },
        { name: 'weather', id: 'c2' },
      ],
    });
    const ran = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.type': 'function' };
    expect(first?.checkpoints.map(({ attributes }) => attributes)).toEqual([
      { ...ran, 'gen_ai.tool.name': 'search', 'gen_ai.tool.call.id': 'c1' },
      { ...ran, 'gen_ai.tool.name': 'weather', 'gen_ai.tool.call.id': 'c2' },
    ]);
    expect(JSON.stringify(flow)).not.toMatch(/Why|Rome|found|Sunny|Finds/);
  });

  it('has prompts, answers and what tools take and give where they are wanted, and redacts them', async () => {
    const ask = (redact: string[]) => {
      server.answers = [json(whole({ tool_calls: bothCalls }, 'tool_calls')), json(whole({ content: 'My secret.' }))];
      return record(
        () =>
          generateText({
            model: trackModel(chatModel(), { content: true }),
            prompt: 'Why?',
            tools: trackTools(tools, { content: true }),
            stopWhen: stepCountIs(3),
          }),
        { redact },
      );
    };
    const [{ flow }, redacted] = [
      await ask([]),
      await ask(['gen_ai.input.messages', 'gen_ai.output.messages', 'gen_ai.tool.call.result']),
    ];
    expect(flow.checkpoints).toMatchObject([
      {
        attributes: {
          'gen_ai.input.messages': [{ role: 'user', content: [{ type: 'text', text: 'Why?' }] }],
          'flow.tool_calls': [
            { name: 'search', id: 'c1', arguments: '{"q":"x"}' },
            { name: 'weather', id: 'c2' },
          ],
        },
        checkpoints: [
          {
            attributes: {
              'gen_ai.tool.description': 'Finds things.',
              'gen_ai.tool.call.arguments': { q: 'x' },
              'gen_ai.tool.call.result': 'found x',
            },
          },
          { attributes: { 'gen_ai.tool.call.result': 'sunny in Rome' } },
        ],
      },
      {
        attributes: {
          'gen_ai.output.messages': [{ role: 'assistant', content: [{ type: 'text', text: 'My secret.' }] }],
        },
      },
    ]);
    expect(JSON.stringify(redacted.flow)).not.toMatch(/My secret|found x|sunny/);
  });

  it.each([429, 500])('has a checkpoint for each attempt at a model that answers %i', async (status) => {
    const { flow, outcome } = await both([refusal(status)], (model) =>
      generateText({ model, prompt: 'Why?', maxRetries: 1 }),
    );
    expect(outcome).toMatchObject({ error: { name: 'AI_RetryError' } });
    const failed = {
      status: 'error',
      error: { type: 'AI_APICallError', message: `no: ${status}` },
      attributes: { 'http.response.status_code': status },
    };
    expect(flow.checkpoints).toMatchObject([failed, failed]);
    expect(flow.checkpoints.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1]);
  });

  it('ends well when a retry succeeds', async () => {
    const { flow } = await both([refusal(429), json(whole({ content: 'Yes' }))], async (model) => {
      const { text } = await generateText({ model, prompt: 'Why?' });
      return text;
    });
    expect(flow.checkpoints).toMatchObject([
      { status: 'error' },
      { status: 'ok', attributes: { ...answered, 'http.request.resend_count': 1 } },
    ]);
  });

  it('has the error of a tool, which the model is told', async () => {
    const broken = tool({
      inputSchema: z.object({ q: z.string() }),
      execute: (): string => {
        throw new RangeError('too far');
      },
    });
    const { flow, outcome } = await both(
      [json(whole({ tool_calls: bothCalls.slice(0, 1) }, 'tool_calls')), json(whole({ content: 'Sorry.' }))],
      async (model, track) => {
        const { text } = await generateText({
          model,
          prompt: 'Why?',
          tools: track({ search: broken }),
          stopWhen: stepCountIs(3),
        });
        return text;
      },
    );
    expect(outcome).toEqual({ result: 'Sorry.' });
    expect(flow.checkpoints[0]?.checkpoints).toMatchObject([
      { name: 'tool_call', status: 'error', error: { type: 'RangeError', message: 'too far' } },
    ]);
  });

  it('records what a tool does under the tool', async () => {
    server.answers = [
      json(whole({ tool_calls: bothCalls.slice(0, 1) }, 'tool_calls')),
      json(whole({ content: 'Yes' })),
    ];
    const { flow } = await record(() =>
      generateText({
        model: trackModel(chatModel()),
        prompt: 'Why?',
        tools: trackTools({
          search: tool({
            inputSchema: z.object({ q: z.string() }),
            execute: async () => {
              await Promise.resolve();
              currentFlow().checkpoint('cache_miss');
              return 'found';
            },
          }),
        }),
        stopWhen: stepCountIs(2),
      }),
    );
    expect(flow.checkpoints[0]?.checkpoints).toMatchObject([
      { name: 'tool_call', checkpoints: [{ name: 'cache_miss' }] },
    ]);
  });

  it('is no error when the application stops it, and one when its time is over', async () => {
    const stopped = await both([() => undefined], (model) => {
      const stop = new AbortController();
      const asked = generateText({ model, prompt: 'Why?', abortSignal: stop.signal });
      setTimeout(() => {
        stop.abort();
      }, 20);
      return asked;
    });
    expect(stopped.outcome).toMatchObject({ error: { name: 'AbortError' } });
    expect(stopped.flow.checkpoints).toMatchObject([{ status: 'ok', attributes: { 'flow.aborted': true } }]);

    const late = await both([() => undefined], (model) =>
      generateText({ model, prompt: 'Why?', abortSignal: AbortSignal.timeout(20), maxRetries: 0 }),
    );
    expect(late.outcome).toHaveProperty('error');
    expect(late.flow.checkpoints).toMatchObject([{ status: 'error' }]);
  });
});

describe('streamText', () => {
  it('is a checkpoint with the first chunk, the tokens and the end', async () => {
    const { flow, outcome } = await both([events(answerPieces)], async (model) => {
      const { textStream, totalUsage, finishReason } = streamText({ model, prompt: 'Why?' });
      return [await collect(textStream), await totalUsage, await finishReason];
    });
    expect(outcome).toMatchObject({ result: [['Because ', 'of that.'], { totalTokens: 25 }, 'stop'] });
    expect(flow.checkpoints).toMatchObject([{ name: 'llm_thinking', status: 'ok' }]);
    const [llm] = flow.checkpoints;
    expect(llm?.attributes).toEqual({
      ...answered,
      'gen_ai.request.stream': true,
      'flow.chunks': expect.any(Number),
      'flow.first_chunk_ms': expect.any(Number),
    });
    expect(llm?.attributes['flow.first_chunk_ms']).toBeLessThanOrEqual(llm?.durationMs ?? 0);
  });

  it('nests parallel tools below the call of the model that asked for them', async () => {
    const toolPieces = [
      piece({
        role: 'assistant',
        tool_calls: bothCalls.map((each) => ({ ...each, function: { ...each.function, arguments: '' } })),
      }),
      ...bothCalls.map(({ index, function: { arguments: text } }) =>
        piece({ tool_calls: [{ index, function: { arguments: text } }] }),
      ),
      piece({}, 'tool_calls'),
      lastPiece,
    ];
    const { flow, outcome } = await both([events(toolPieces), events(answerPieces)], async (model, track) => {
      const result = streamText({ model, prompt: 'Why?', tools: track(tools), stopWhen: stepCountIs(3) });
      const text = (await collect(result.textStream)).join('');
      return [text, (await result.steps).map(({ toolResults }) => toolResults.map(({ output }) => output))];
    });
    expect(outcome).toMatchObject({ result: ['Because of that.', [expect.arrayContaining(['found x']), []]] });
    expect(outlineOf(flow.checkpoints)).toEqual([
      [
        'llm_thinking',
        'ok',
        [
          ['tool_call', 'ok', []],
          ['tool_call', 'ok', []],
        ],
      ],
      ['llm_thinking', 'ok', []],
    ]);
    expect(flow.checkpoints[0]?.attributes['flow.tool_calls']).toEqual([
      { name: 'search', id: 'c1' },
      { name: 'weather', id: 'c2' },
    ]);
  });

  it('fails with a stream that breaks off', async () => {
    const { flow } = await both([brokenOff(answerPieces.slice(0, 2))], async (model) => {
      const errors: unknown[] = [];
      const result = streamText({ model, prompt: 'Why?', onError: ({ error }) => void errors.push(String(error)) });
      await result.consumeStream();
      return errors;
    });
    expect(flow.checkpoints).toMatchObject([
      {
        status: 'error',
        attributes: { 'gen_ai.response.id': 'chatcmpl-1', 'flow.first_chunk_ms': expect.any(Number) },
      },
    ]);
  });

  it('fails with an error that the stream tells', async () => {
    const { flow } = await both(
      [events([...answerPieces.slice(0, 1), { error: { message: 'overloaded', code: 'busy' } }])],
      async (model) => {
        const errors: unknown[] = [];
        const result = streamText({ model, prompt: 'Why?', onError: ({ error }) => void errors.push(error) });
        await result.consumeStream();
        return errors;
      },
    );
    expect(flow.checkpoints).toMatchObject([{ status: 'error', error: { message: 'overloaded' } }]);
  });

  it('is no error when the application stops it', async () => {
    const { flow, outcome } = await both([events(answerPieces.slice(0, 2), null)], async (model) => {
      const stop = new AbortController();
      const result = streamText({ model, prompt: 'Why?', abortSignal: stop.signal });
      const types = [];
      for await (const part of result.fullStream) {
        types.push(part.type);
        if (part.type === 'text-delta' && part.text === 'of that.') stop.abort();
      }
      return types.at(-1);
    });
    expect(outcome).toEqual({ result: 'abort' });
    expect(flow.checkpoints).toMatchObject([
      { status: 'ok', attributes: { 'flow.aborted': true, 'flow.first_chunk_ms': expect.any(Number) } },
    ]);
  });
});

describe('a tracked model', () => {
  it('is the model itself, tracked once', async () => {
    server.answers = [json(whole({ content: 'Yes' }))];
    const model = chatModel();
    expect(trackModel(trackModel(model))).toBe(model);
    const { flow } = await record((own) => own.run('answer', () => generateText({ model, prompt: 'Why?' })));
    expect(outlineOf(flow.checkpoints)).toEqual([['answer', 'ok', [['llm_thinking', 'ok', []]]]]);
  });

  it('does nothing where there is no flow', async () => {
    server.answers = [json(whole({ tool_calls: bothCalls }, 'tool_calls')), json(whole({ content: 'Yes' }))];
    expect(currentFlow().recording).toBe(false);
    const { text } = await generateText({
      model: trackModel(chatModel()),
      prompt: 'Why?',
      tools: trackTools(tools),
      stopWhen: stepCountIs(2),
    });
    expect(text).toBe('Yes');
  });

  it('may be of the responses of OpenAI, and asked for an object', async () => {
    server.answers = [
      json({
        id: 'resp_1',
        created_at: 1,
        model: 'gpt-5-2025',
        output: [
          {
            type: 'message',
            id: 'm1',
            role: 'assistant',
            content: [{ type: 'output_text', text: '{"a":1}', annotations: [] }],
          },
        ],
        usage: { input_tokens: 30, output_tokens: 7, output_tokens_details: { reasoning_tokens: 4 } },
      }),
    ];
    const model = trackModel(createOpenAI(settings())('gpt-5'));
    const { flow, result } = await record(() =>
      generateObject({ model, prompt: 'Why?', schema: z.object({ a: z.number() }) }),
    );
    expect(result.object).toEqual({ a: 1 });
    expect(flow.checkpoints).toMatchObject([
      {
        status: 'ok',
        attributes: {
          'gen_ai.provider.name': 'openai',
          'gen_ai.output.type': 'json',
          'gen_ai.response.id': 'resp_1',
          'gen_ai.usage.output_tokens': 7,
          'gen_ai.usage.reasoning.output_tokens': 4,
        },
      },
    ]);
  });

  it('has what is said to its provider: how it is to think, and what it goes on from', async () => {
    const answer = {
      id: 'resp_1',
      created_at: 1,
      model: 'gpt-5-2025',
      output: [
        {
          type: 'message',
          id: 'm1',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Yes', annotations: [] }],
        },
      ],
      usage: { input_tokens: 30, output_tokens: 7 },
    };
    server.answers = [json(answer)];
    const model = trackModel(createOpenAI(settings())('gpt-5'));
    const ask = (openai: Record<string, string>) =>
      generateText({ model, prompt: 'Why?', providerOptions: { openai } });
    const { flow } = await record(async () => {
      await ask({ reasoningEffort: 'low', previousResponseId: 'resp_0' });
      await ask({ conversation: 'conv_1' });
    });
    expect(flow.checkpoints).toMatchObject([
      { attributes: { 'gen_ai.request.reasoning.level': 'low', 'gen_ai.request.previous_response.id': 'resp_0' } },
      { attributes: { 'gen_ai.conversation.id': 'conv_1' } },
    ]);
  });

  it('may be one of version 2', async () => {
    server.answers = [json(whole({ content: 'Yes' })), events(answerPieces)];
    const model = trackModel(createOpenAI2(settings()).chat('gpt-4o-mini'));
    const { flow, result } = await record(async () => [
      (await generateText({ model, prompt: 'Why?' })).text,
      ...(await collect(streamText({ model, prompt: 'Why?' }).textStream)),
    ]);
    expect(result).toEqual(['Yes', 'Because ', 'of that.']);
    expect(flow.checkpoints).toMatchObject([{ attributes: answered }, { attributes: answered }]);
  });
});
