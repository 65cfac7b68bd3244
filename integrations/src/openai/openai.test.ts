import { OpenAI } from 'openai';
import { currentFlow } from '@flow-tracking/express';
import type { TestCheckpoint } from '@flow-tracking/express/testing';
import { call, lastPiece, piece, whole } from '../testing/chat-completions';
import { brokenOff, events, json, type ModelAnswer, type ModelServer, startModelServer } from '../testing/model-server';
import { collect, outcomeOf, type Outcome } from '../testing/outcome';
import { record } from '../testing/record';
import { type OpenAIOptions, trackOpenAI } from './index';

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const client = (): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 1 });

const answerPieces = [
  piece({ role: 'assistant', content: '' }),
  piece({ content: 'Because ' }),
  piece({ content: 'of that.' }),
  piece({}, 'stop'),
  lastPiece,
];
const toolPieces = [
  piece({ role: 'assistant', tool_calls: [call(0, 'c1', 'search', '')] }),
  piece({ tool_calls: [{ index: 0, function: { arguments: '{"q":' } }] }),
  piece({ tool_calls: [call(1, 'c2', 'weather', '{"city"')] }),
  piece({ tool_calls: [{ index: 0, function: { arguments: '"x"}' } }] }),
  piece({ tool_calls: [{ index: 1, function: { arguments: ':"Rome"}' } }] }),
  piece({}, 'tool_calls'),
];
const response = (more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt-5-2025',
  status: 'completed',
  error: null,
  incomplete_details: null,
  output: [
    { type: 'message', id: 'm1', role: 'assistant', content: [{ type: 'output_text', text: '42', annotations: [] }] },
    { type: 'function_call', id: 'f1', call_id: 'c1', name: 'search', arguments: '{"q":"x"}' },
  ],
  usage: {
    input_tokens: 30,
    input_tokens_details: { cached_tokens: 10 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 4 },
    total_tokens: 37,
  },
  ...more,
});
const responseEvents = [
  {
    type: 'response.created',
    sequence_number: 0,
    response: response({ status: 'in_progress', output: [], usage: null }),
  },
  {
    type: 'response.output_item.added',
    sequence_number: 1,
    output_index: 0,
    item: { type: 'message', id: 'm1', role: 'assistant', content: [], status: 'in_progress' },
  },
  {
    type: 'response.content_part.added',
    sequence_number: 2,
    output_index: 0,
    content_index: 0,
    part: { type: 'output_text', text: '', annotations: [] },
  },
  {
    type: 'response.output_text.delta',
    sequence_number: 3,
    output_index: 0,
    content_index: 0,
    item_id: 'm1',
    delta: '42',
  },
  { type: 'response.completed', sequence_number: 4, response: response() },
];

const messages = [{ role: 'user' as const, content: 'Why?' }];
const model = 'gpt-4o-mini';
const refusal = (status: number): ModelAnswer =>
  json({ error: { message: `no: ${status}`, type: 'refused', code: 'refused_for_now' } }, status, {
    'retry-after-ms': '1',
  });

interface Seen {
  readonly outcome: Outcome;
  readonly call: TestCheckpoint | undefined;
  readonly requests: unknown[];
}

/** Does the same with a plain client and with a tracked one, and gives what the tracked one recorded. */
async function both(
  answers: readonly ModelAnswer[],
  use: (openai: OpenAI) => unknown,
  options?: OpenAIOptions,
): Promise<Seen> {
  const asked = () =>
    server.requests.splice(0).map(({ path, body, headers }) => [path, body, headers['x-stainless-retry-count']]);
  server.answers = [...answers];
  const plain = await outcomeOf(() => use(client()));
  const plainRequests = asked();
  server.answers = [...answers];
  const { result: outcome, flow } = await record(() => outcomeOf(() => use(trackOpenAI(client(), options))));
  const requests = asked();
  expect(outcome).toEqual(plain);
  expect(requests).toEqual(plainRequests);
  expect(flow.checkpoints.length).toBeLessThan(2);
  return { outcome, call: flow.checkpoints[0], requests };
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
  'server.address': '127.0.0.1',
  'server.port': expect.any(Number),
};

describe('a chat completion', () => {
  it('is a checkpoint with what request and answer tell, and nothing of their content', async () => {
    const { call } = await both([json(whole({ content: 'Because.' }))], (openai) =>
      openai.chat.completions.create({ model, messages, temperature: 0.5, max_completion_tokens: 9, stop: 'x', n: 1 }),
    );
    expect(call).toMatchObject({ name: 'llm_thinking', status: 'ok', error: null, checkpoints: [] });
    expect(call?.attributes).toEqual({
      ...answered,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.stop_sequences': ['x'],
    });
  });

  it('lists the tools that the model asks for', async () => {
    const calls = [call(0, 'c1', 'search', '{"q":"x"}'), call(1, 'c2', 'weather', '{}')];
    const seen = await both([json(whole({ tool_calls: calls }, 'tool_calls'))], (openai) =>
      openai.chat.completions.create({ model, messages }),
    );
    expect(seen.call?.attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['tool_calls'],
      'flow.tool_calls': [
        { name: 'search', id: 'c1' },
        { name: 'weather', id: 'c2' },
      ],
    });
  });

  it('has prompt and answer where they are wanted, and redacts them', async () => {
    server.answers = [json(whole({ content: 'My secret.', tool_calls: [call(0, 'c1', 'search', '{"q":"x"}')] }))];
    const ask = (redact: string[]) =>
      record(() => trackOpenAI(client(), { content: true }).chat.completions.create({ model, messages }), { redact });
    const [open, redacted] = [await ask([]), await ask(['gen_ai.output.messages'])];
    expect(open.flow.checkpoints[0]?.attributes).toMatchObject({
      'gen_ai.input.messages': messages,
      'gen_ai.output.messages': [{ role: 'assistant', content: 'My secret.' }],
      'flow.tool_calls': [{ name: 'search', id: 'c1', arguments: '{"q":"x"}' }],
    });
    expect(redacted.flow.checkpoints[0]?.attributes).toMatchObject({ 'gen_ai.output.messages': '[redacted]' });
  });

  it('is a stream with its first chunk, its tokens and its end', async () => {
    const { call, outcome } = await both([events(answerPieces)], async (openai) =>
      collect(
        await openai.chat.completions.create({
          model,
          messages,
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
    );
    expect(outcome).toEqual({ result: answerPieces });
    expect(call).toMatchObject({ name: 'llm_thinking', status: 'ok' });
    expect(call?.attributes).toEqual({
      ...answered,
      'gen_ai.request.stream': true,
      'flow.chunks': 5,
      'flow.first_chunk_ms': expect.any(Number),
    });
    expect(call?.attributes['flow.first_chunk_ms']).toBeLessThanOrEqual(call?.durationMs ?? 0);
  });

  it('puts together the parallel tool calls of a stream', async () => {
    const { call } = await both(
      [events(toolPieces)],
      async (openai) => collect(await openai.chat.completions.create({ model, messages, stream: true })),
      { content: true },
    );
    expect(call?.attributes['flow.tool_calls']).toEqual([
      { name: 'search', id: 'c1', arguments: '{"q":"x"}' },
      { name: 'weather', id: 'c2', arguments: '{"city":"Rome"}' },
    ]);
    expect(call?.attributes['gen_ai.response.finish_reasons']).toEqual(['tool_calls']);
  });

  it.each([429, 500])('fails with the error of a model that answers %i, and counts the retry', async (status) => {
    const { call, outcome, requests } = await both([refusal(status)], (openai) =>
      openai.chat.completions.create({ model, messages }),
    );
    expect(outcome).toMatchObject({ error: { status } });
    expect(requests).toHaveLength(2);
    expect(call).toMatchObject({
      status: 'error',
      error: { type: 'refused_for_now', message: `${status} no: ${status}` },
      attributes: { 'http.response.status_code': status, 'http.request.resend_count': 1 },
    });
  });

  it('is one checkpoint when a retry succeeds', async () => {
    const { call } = await both([refusal(429), json(whole({ content: 'Yes' }))], (openai) =>
      openai.chat.completions.create({ model, messages }),
    );
    expect(call).toMatchObject({ status: 'ok', attributes: { ...answered, 'http.request.resend_count': 1 } });
  });

  it('fails with a stream that breaks off', async () => {
    const { call, outcome } = await both([brokenOff(answerPieces.slice(0, 2))], async (openai) =>
      collect(await openai.chat.completions.create({ model, messages, stream: true })),
    );
    expect(outcome).toHaveProperty('error');
    expect(call).toMatchObject({
      status: 'error',
      attributes: { 'flow.chunks': 2, 'gen_ai.response.id': 'chatcmpl-1' },
    });
  });

  it('ends when the loop over its chunks is left', async () => {
    const { call } = await both([events(answerPieces, null)], async (openai) => {
      for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true })) return chunk;
    });
    expect(call).toMatchObject({ status: 'ok', attributes: { 'flow.chunks': 1 } });
  });
});

describe('a call that the application stops', () => {
  it('is no error, before the answer and within a stream', async () => {
    const before = await both([() => undefined], (openai) => {
      const stop = new AbortController();
      const asked = openai.chat.completions.create({ model, messages }, { signal: stop.signal });
      setTimeout(() => {
        stop.abort();
      }, 20);
      return asked;
    });
    expect(before.outcome).toMatchObject({ error: { class: 'APIUserAbortError' } });
    expect(before.call).toMatchObject({ status: 'ok', attributes: { 'flow.aborted': true } });

    const within = await both([events(answerPieces.slice(0, 2), null)], async (openai) => {
      const stream = await openai.chat.completions.create({ model, messages, stream: true });
      const chunks = [];
      for await (const chunk of stream) {
        chunks.push(chunk);
        if (chunks.length === 2) stream.controller.abort();
      }
      return chunks;
    });
    expect(within.call).toMatchObject({ status: 'ok', attributes: { 'flow.aborted': true, 'flow.chunks': 2 } });
  });
});

describe('what the client gives back', () => {
  it('is the response itself when the application wants that', async () => {
    const { call } = await both([json(whole({ content: 'Yes' }))], async (openai) => {
      const raw = await openai.chat.completions.create({ model, messages }).asResponse();
      return [raw.status, raw.headers.get('x-request-id'), await raw.text()];
    });
    expect(call).toMatchObject({ status: 'ok', attributes: { 'gen_ai.request.model': model } });
  });

  it('is answer and response by withResponse()', async () => {
    const { call } = await both([json(whole({ content: 'Yes' }))], async (openai) => {
      const {
        data,
        response: raw,
        request_id: id,
      } = await openai.chat.completions.create({ model, messages }).withResponse();
      return [data, (data as { _request_id?: string })._request_id, raw.status, id];
    });
    expect(call).toMatchObject({ status: 'ok', attributes: answered });
  });

  it('is the helper of streams, with its events and its final message', async () => {
    const { call, outcome } = await both([events(answerPieces)], async (openai) => {
      const stream = openai.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
      const texts: string[] = [];
      stream.on('content', (text) => texts.push(text));
      return [(await stream.finalMessage()).content, await stream.totalUsage(), texts];
    });
    expect(outcome).toMatchObject({ result: ['Because of that.', { total_tokens: 25 }, ['Because ', 'of that.']] });
    expect(call).toMatchObject({ status: 'ok', attributes: answered });
  });

  it('is a stream that can be split, and sent on', async () => {
    const { call } = await both([events(answerPieces)], async (openai) => {
      const [left, right] = (await openai.chat.completions.create({ model, messages, stream: true })).tee();
      return [await collect(left), await new Response(right.toReadableStream()).text()];
    });
    expect(call).toMatchObject({ status: 'ok', attributes: { 'flow.chunks': 5 } });
  });

  it('is what parse() makes of the answer', async () => {
    const format = { type: 'json_schema' as const, json_schema: { name: 'n', schema: {}, strict: true } };
    const { call, outcome } = await both([json(whole({ content: '{"a":1}', refusal: null }))], (openai) =>
      openai.chat.completions.parse({ model, messages, response_format: format }),
    );
    expect(outcome).toMatchObject({ result: { choices: [{ message: { parsed: { a: 1 } } }] } });
    expect(call?.attributes).toMatchObject({ ...answered, 'gen_ai.output.type': 'json' });
  });
});

describe('what is said of a request', () => {
  it('has sound that was asked for and given, and what was written to a cache', async () => {
    const usage = {
      prompt_tokens: 20,
      completion_tokens: 9,
      total_tokens: 29,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 6, cache_write_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 7 },
    };
    const { call } = await both([json({ ...whole({ content: null }), usage })], (openai) =>
      openai.chat.completions.create({
        model,
        messages,
        n: 2,
        modalities: ['text', 'audio'],
        audio: { voice: 'alloy', format: 'mp3' },
      }),
    );
    expect(call?.attributes).toMatchObject({
      'gen_ai.output.type': 'speech',
      'gen_ai.request.choice.count': 2,
      'gen_ai.usage.audio.input_tokens': 6,
      'gen_ai.usage.audio.output_tokens': 7,
      'gen_ai.usage.cache_write.input_tokens': 4,
    });
  });

  it('has the port of the server, also one that its URL leaves out', async () => {
    const portOf = async (baseURL: string) => {
      const answering = () => Promise.resolve(Response.json(whole({ content: 'Yes' })));
      const openai = trackOpenAI(new OpenAI({ apiKey: 'k', baseURL, fetch: answering }));
      const { flow } = await record(() => openai.chat.completions.create({ model, messages }));
      const { 'server.address': address, 'server.port': port } = flow.checkpoints[0]?.attributes ?? {};
      return [address, port];
    };
    expect(await portOf('https://models.example/v1')).toEqual(['models.example', 443]);
    expect(await portOf('http://models.example/v1')).toEqual(['models.example', 80]);
    expect(await portOf('https://models.example:8443/v1')).toEqual(['models.example', 8443]);
  });
});

describe('a response', () => {
  it('has the answer and the conversation that it goes on from, and what it is to be', async () => {
    const used = {
      input_tokens: 30,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 12 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 37,
    };
    const ask = { model: 'gpt-5', input: 'Why?', text: { format: { type: 'json_object' as const } } };
    const after = await both([json(response({ usage: used }))], (openai) =>
      openai.responses.create({ ...ask, previous_response_id: 'resp_0' }),
    );
    expect(after.call?.attributes).toMatchObject({
      'gen_ai.request.previous_response.id': 'resp_0',
      'gen_ai.output.type': 'json',
      'gen_ai.usage.cache_write.input_tokens': 12,
    });
    const within = await both([json(response())], (openai) =>
      openai.responses.create({ ...ask, conversation: { id: 'conv_1' } }),
    );
    expect(within.call?.attributes).toMatchObject({ 'gen_ai.conversation.id': 'conv_1' });
  });

  it('is a checkpoint with what it tells', async () => {
    const { call, outcome } = await both([json(response())], (openai) =>
      openai.responses.create({ model: 'gpt-5', input: 'Why?', reasoning: { effort: 'low' }, max_output_tokens: 99 }),
    );
    expect(outcome).toMatchObject({ result: { output_text: '42' } });
    expect(call?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.request.reasoning.level': 'low',
      'gen_ai.request.max_tokens': 99,
      'gen_ai.response.model': 'gpt-5-2025',
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.finish_reasons': ['completed'],
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.cache_read.input_tokens': 10,
      'gen_ai.usage.output_tokens': 7,
      'gen_ai.usage.reasoning.output_tokens': 4,
      'flow.tool_calls': [{ name: 'search', id: 'c1' }],
    });
    expect(JSON.stringify(call)).not.toMatch(/Why|"42"/);
  });

  it('is a stream, whose first chunk is the first of its answer, also by its helper', async () => {
    const direct = await both([events(responseEvents, '')], async (openai) =>
      collect(await openai.responses.create({ model: 'gpt-5', input: 'Why?', stream: true })),
    );
    const helped = await both([events(responseEvents, '')], async (openai) => {
      const final = await openai.responses.stream({ model: 'gpt-5', input: 'Why?' }).finalResponse();
      return [final.id, final.usage?.output_tokens];
    });
    expect(helped.outcome).toEqual({ result: ['resp_1', 7] });
    for (const { call } of [direct, helped]) {
      expect(call).toMatchObject({
        status: 'ok',
        attributes: {
          'flow.chunks': 5,
          'flow.first_chunk_ms': expect.any(Number),
          'gen_ai.usage.output_tokens': 7,
          'gen_ai.response.finish_reasons': ['completed'],
        },
      });
    }
  });

  it('fails when it says so itself', async () => {
    const failed = response({ status: 'failed', output: [], error: { code: 'server_error', message: 'overloaded' } });
    const { call } = await both(
      [events([{ type: 'response.failed', sequence_number: 0, response: failed }], '')],
      async (openai) => collect(await openai.responses.create({ model: 'gpt-5', input: 'Why?', stream: true })),
    );
    expect(call).toMatchObject({ status: 'error', error: { type: 'server_error', message: 'overloaded' } });
  });
});

it('records embeddings', async () => {
  const numbers = Buffer.from(new Float32Array([1, 2]).buffer).toString('base64');
  const body = {
    object: 'list',
    model: 'embed-2',
    data: [{ object: 'embedding', index: 0, embedding: numbers }],
    usage: { prompt_tokens: 4, total_tokens: 4 },
  };
  const { call, outcome } = await both([json(body)], (openai) =>
    openai.embeddings.create({ model: 'embed', input: 'Why?', dimensions: 2 }),
  );
  expect(outcome).toMatchObject({ result: { data: [{ embedding: [1, 2] }] } });
  expect(call).toMatchObject({
    name: 'llm_thinking',
    attributes: {
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.request.model': 'embed',
      'gen_ai.embeddings.dimension.count': 2,
      // What the client asks for when the application does not say.
      'gen_ai.request.encoding_formats': ['base64'],
      'gen_ai.response.model': 'embed-2',
      'gen_ai.usage.input_tokens': 4,
    },
  });
});

describe('a tracked client', () => {
  it('is the client itself, tracked once however often it is asked, and so are its variants', async () => {
    server.answers = [json(whole({ content: 'Yes' }))];
    const openai = client();
    expect(trackOpenAI(trackOpenAI(openai))).toBe(openai);
    const variant = openai.withOptions({ maxRetries: 0 });
    expect(variant).toBeInstanceOf(OpenAI);
    const { flow } = await record(() =>
      Promise.all([openai, variant].map((each) => each.chat.completions.create({ model, messages }))),
    );
    expect(flow.checkpoints.map(({ name }) => name)).toEqual(['llm_thinking', 'llm_thinking']);
  });

  it('nests its calls where they are made', async () => {
    server.answers = [json(whole({ content: 'Yes' }))];
    const openai = trackOpenAI(client(), { provider: 'groq' });
    const { flow } = await record((own) =>
      own.run('tool_call', () => openai.chat.completions.create({ model, messages })),
    );
    expect(flow.checkpoints).toMatchObject([
      { name: 'tool_call', checkpoints: [{ name: 'llm_thinking', attributes: { 'gen_ai.provider.name': 'groq' } }] },
    ]);
  });

  it('does nothing where there is no flow, nor for calls of other kinds', async () => {
    server.answers = [json(whole({ content: 'Yes' })), json({ object: 'list', data: [] })];
    const openai = trackOpenAI(client());
    expect(currentFlow().recording).toBe(false);
    expect(await openai.chat.completions.create({ model, messages })).toMatchObject({ id: 'chatcmpl-1' });
    const { flow } = await record(() => openai.models.list());
    expect(flow.checkpoints).toEqual([]);
  });

  it.each([['null'], ['[]'], ['{"choices":7}'], ['{"choices":[null]}'], ['{"usage":"x","choices":[{"message":1}]}']])(
    'gives what a strange server answers as it is: %s',
    async (text) => {
      const { call } = await both(
        [json(JSON.parse(text))],
        (openai) => openai.chat.completions.create({ model, messages }),
        {
          content: true,
        },
      );
      expect(call).toMatchObject({ name: 'llm_thinking', status: 'ok' });
    },
  );
});
