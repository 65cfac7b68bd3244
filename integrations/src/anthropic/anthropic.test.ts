import { Anthropic } from '@anthropic-ai/sdk';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { TestCheckpoint } from '@flow-tracking/express/testing';
import { brokenOff, events, json, type ModelAnswer, type ModelServer, startModelServer } from '../testing/model-server';
import { collect, outcomeOf, type Outcome } from '../testing/outcome';
import { record } from '../testing/record';
import { type AnthropicOptions, trackAnthropic } from './index';

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const client = (): Anthropic => new Anthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 1 });

const usage = {
  input_tokens: 20,
  cache_read_input_tokens: 8,
  cache_creation_input_tokens: 4,
  output_tokens: 5,
  output_tokens_details: { thinking_tokens: 3 },
};
const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'sig' };
const text = { type: 'text', text: 'Because of that.' };
const search = { type: 'tool_use', id: 'toolu_1', name: 'search', input: { q: 'x' } };
const weather = { type: 'tool_use', id: 'toolu_2', name: 'weather', input: {} };
const whole = (content: object[] = [text], stopReason = 'end_turn') => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-5-2026',
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  usage,
});

const start = {
  type: 'message_start',
  message: { ...whole([]), stop_reason: null, usage: { ...usage, output_tokens: 1, output_tokens_details: null } },
};
const begun = (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block });
const delta = (index: number, piece: object) => ({ type: 'content_block_delta', index, delta: piece });
const stopped = (index: number) => ({ type: 'content_block_stop', index });
const end = (stopReason: string) => [
  {
    type: 'message_delta',
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: {
      input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 3 },
    },
  },
  { type: 'message_stop' },
];
const answerEvents = [
  start,
  begun(0, { type: 'thinking', thinking: '', signature: '' }),
  delta(0, { type: 'thinking_delta', thinking: 'Hm.' }),
  delta(0, { type: 'signature_delta', signature: 'sig' }),
  stopped(0),
  begun(1, { type: 'text', text: '' }),
  delta(1, { type: 'text_delta', text: 'Because ' }),
  delta(1, { type: 'text_delta', text: 'of that.' }),
  stopped(1),
  ...end('end_turn'),
];
const toolEvents = [
  start,
  begun(0, { ...search, input: {} }),
  delta(0, { type: 'input_json_delta', partial_json: '' }),
  delta(0, { type: 'input_json_delta', partial_json: '{"q":' }),
  delta(0, { type: 'input_json_delta', partial_json: '"x"}' }),
  stopped(0),
  begun(1, weather),
  stopped(1),
  ...end('tool_use'),
];

const ask = { model: 'claude-5', max_tokens: 99, messages: [{ role: 'user' as const, content: 'Why?' }] };
/** Models of late do not take them, nor do the types any more. */
const setting = { temperature: 0.5, top_k: 3 };
const refusal = (status: number, type: string): ModelAnswer =>
  json({ type: 'error', error: { type, message: 'Not now' } }, status, { 'retry-after-ms': '1' });

interface Seen {
  readonly outcome: Outcome;
  readonly call: TestCheckpoint | undefined;
  readonly requests: unknown[];
}

/** Does the same with a plain client and with a tracked one, and gives what the tracked one recorded. */
async function both(
  answers: readonly ModelAnswer[],
  use: (anthropic: Anthropic) => unknown,
  options?: AnthropicOptions,
): Promise<Seen> {
  const asked = () =>
    server.requests.splice(0).map(({ path, body, headers }) => [path, body, headers['x-stainless-retry-count']]);
  server.answers = [...answers];
  const plain = await outcomeOf(() => use(client()));
  const plainRequests = asked();
  server.answers = [...answers];
  const { result: outcome, flow } = await record(() => outcomeOf(() => use(trackAnthropic(client(), options))));
  const requests = asked();
  expect(outcome).toEqual(plain);
  expect(requests).toEqual(plainRequests);
  expect(flow.checkpoints.length).toBeLessThan(2);
  return { outcome, call: flow.checkpoints[0], requests };
}

const answered = {
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'claude-5',
  'gen_ai.request.max_tokens': 99,
  'gen_ai.response.model': 'claude-5-2026',
  'gen_ai.response.id': 'msg_1',
  'gen_ai.response.finish_reasons': ['end_turn'],
  'gen_ai.usage.input_tokens': 32,
  'gen_ai.usage.output_tokens': 5,
  'gen_ai.usage.cache_read.input_tokens': 8,
  'gen_ai.usage.cache_write.input_tokens': 4,
  'gen_ai.usage.reasoning.output_tokens': 3,
  'server.address': '127.0.0.1',
  'server.port': expect.any(Number),
};
const streamed = {
  ...answered,
  'gen_ai.request.stream': true,
  'flow.chunks': answerEvents.length,
  'flow.first_chunk_ms': expect.any(Number),
};

describe('a message', () => {
  it('is a checkpoint with what request and answer tell, and nothing of their content', async () => {
    const { call } = await both([json(whole([thinking, text]))], (anthropic) =>
      anthropic.messages.create({
        ...ask,
        ...setting,
        system: 'Be brief.',
        stop_sequences: ['x'],
        output_config: { effort: 'low', format: { type: 'json_schema', schema: {} } },
      }),
    );
    expect(call).toMatchObject({ name: 'llm_thinking', status: 'ok', error: null, checkpoints: [] });
    expect(call?.attributes).toEqual({
      ...answered,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.top_k': 3,
      'gen_ai.request.stop_sequences': ['x'],
      'gen_ai.request.reasoning.level': 'low',
      'gen_ai.output.type': 'json',
    });
  });

  it('lists the tools that the model asks for, and not those that run at Anthropic', async () => {
    const remote = { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} };
    const { call } = await both([json(whole([text, search, remote, weather], 'tool_use'))], (anthropic) =>
      anthropic.messages.create(ask),
    );
    expect(call?.attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['tool_use'],
      'flow.tool_calls': [
        { name: 'search', id: 'toolu_1' },
        { name: 'weather', id: 'toolu_2' },
      ],
    });
  });

  it('has prompt and answer where they are wanted, and redacts them', async () => {
    server.answers = [json(whole([text, search]))];
    const recorded = async (redact: string[]) => {
      const { flow } = await record(
        () => trackAnthropic(client(), { content: true }).messages.create({ ...ask, system: 'Be brief.' }),
        { redact },
      );
      return flow.checkpoints[0]?.attributes;
    };
    expect(await recorded([])).toMatchObject({
      'gen_ai.system_instructions': 'Be brief.',
      'gen_ai.input.messages': ask.messages,
      'gen_ai.output.messages': [{ role: 'assistant', content: [text, search] }],
      'flow.tool_calls': [{ name: 'search', id: 'toolu_1', arguments: { q: 'x' } }],
    });
    expect(await recorded(['gen_ai.output.messages'])).toMatchObject({ 'gen_ai.output.messages': '[redacted]' });
  });

  it('is a stream with its first chunk, its tokens and its end', async () => {
    const { call, outcome } = await both([events(answerEvents, '')], async (anthropic) =>
      collect(await anthropic.messages.create({ ...ask, stream: true })),
    );
    expect(outcome).toEqual({ result: answerEvents });
    expect(call).toMatchObject({ name: 'llm_thinking', status: 'ok' });
    expect(call?.attributes).toEqual(streamed);
    expect(call?.attributes['flow.first_chunk_ms']).toBeLessThanOrEqual(call?.durationMs ?? 0);
  });

  it('puts together what a stream says, if that is wanted', async () => {
    const answer = await both(
      [events(answerEvents, '')],
      async (anthropic) => collect(await anthropic.messages.create({ ...ask, stream: true })),
      { content: true },
    );
    expect(answer.call?.attributes['gen_ai.output.messages']).toEqual([
      { role: 'assistant', content: [{ ...thinking, signature: '' }, text] },
    ]);
    const tools = await both(
      [events(toolEvents, '')],
      async (anthropic) => collect(await anthropic.messages.create({ ...ask, stream: true })),
      { content: true },
    );
    expect(tools.call?.attributes['flow.tool_calls']).toEqual([
      { name: 'search', id: 'toolu_1', arguments: { q: 'x' } },
      { name: 'weather', id: 'toolu_2', arguments: {} },
    ]);
  });

  it('lists the parallel tools of a stream without their arguments', async () => {
    const { call } = await both([events(toolEvents, '')], async (anthropic) =>
      collect(await anthropic.messages.create({ ...ask, stream: true })),
    );
    expect(call?.attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['tool_use'],
      'flow.tool_calls': [
        { name: 'search', id: 'toolu_1' },
        { name: 'weather', id: 'toolu_2' },
      ],
    });
  });

  it.each([
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [529, 'overloaded_error'],
  ])('fails with the error of a model that answers %i, and counts the retry', async (status, type) => {
    const { call, outcome, requests } = await both([refusal(status, type)], (anthropic) =>
      anthropic.messages.create(ask),
    );
    expect(outcome).toMatchObject({ error: { status } });
    expect(requests).toHaveLength(2);
    expect(call).toMatchObject({
      status: 'error',
      error: { type, message: `${status} Not now` },
      attributes: { 'http.response.status_code': status, 'http.request.resend_count': 1 },
    });
  });

  it('is one checkpoint when a retry succeeds', async () => {
    const { call } = await both([refusal(529, 'overloaded_error'), json(whole())], (anthropic) =>
      anthropic.messages.create(ask),
    );
    expect(call).toMatchObject({ status: 'ok', attributes: { ...answered, 'http.request.resend_count': 1 } });
  });

  it('fails with an error that a stream tells, and with one that breaks off', async () => {
    const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const told = await both([events([start, overloaded], '')], async (anthropic) =>
      collect(await anthropic.messages.create({ ...ask, stream: true })),
    );
    expect(told.outcome).toHaveProperty('error');
    expect(told.call).toMatchObject({
      status: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
      attributes: { 'gen_ai.response.id': 'msg_1', 'gen_ai.usage.input_tokens': 32 },
    });
    const broken = await both([brokenOff(answerEvents.slice(0, 3))], async (anthropic) =>
      collect(await anthropic.messages.create({ ...ask, stream: true })),
    );
    expect(broken.outcome).toHaveProperty('error');
    expect(broken.call).toMatchObject({ status: 'error', attributes: { 'flow.chunks': 3 } });
  });

  it('ends when the loop over its events is left', async () => {
    const { call } = await both([events(answerEvents, null)], async (anthropic) => {
      for await (const event of await anthropic.messages.create({ ...ask, stream: true })) return event;
    });
    expect(call).toMatchObject({ status: 'ok', attributes: { 'flow.chunks': 1, 'gen_ai.usage.input_tokens': 32 } });
  });
});

describe('a call that the application stops', () => {
  it('is no error, before the answer, within a stream and by its helper', async () => {
    const before = await both([() => undefined], (anthropic) => {
      const stop = new AbortController();
      const asked = anthropic.messages.create(ask, { signal: stop.signal });
      setTimeout(() => {
        stop.abort();
      }, 20);
      return asked;
    });
    expect(before.outcome).toMatchObject({ error: { class: 'APIUserAbortError' } });
    expect(before.call).toMatchObject({ status: 'ok', attributes: { 'flow.aborted': true } });

    const within = await both([events(answerEvents.slice(0, 3), null)], async (anthropic) => {
      const stream = await anthropic.messages.create({ ...ask, stream: true });
      const seen = [];
      for await (const event of stream) {
        seen.push(event);
        if (seen.length === 3) stream.controller.abort();
      }
      return seen;
    });
    expect(within.call).toMatchObject({ status: 'ok', attributes: { 'flow.aborted': true, 'flow.chunks': 3 } });

    const helped = await both([events(answerEvents.slice(0, 3), null)], async (anthropic) => {
      const stream = anthropic.messages.stream(ask);
      stream.on('thinking', () => {
        stream.abort();
      });
      return stream.done();
    });
    expect(helped.outcome).toMatchObject({ error: { class: 'APIUserAbortError' } });
    expect(helped.call).toMatchObject({ status: 'ok', attributes: { 'flow.aborted': true } });
  });
});

describe('what the client gives back', () => {
  it('is the response itself when the application wants that', async () => {
    const { call } = await both([json(whole())], async (anthropic) => {
      const raw = await anthropic.messages.create(ask).asResponse();
      return [raw.status, raw.headers.get('x-request-id'), await raw.text()];
    });
    expect(call).toMatchObject({ status: 'ok', attributes: { 'gen_ai.request.model': 'claude-5' } });
  });

  it('is answer and response by withResponse()', async () => {
    const { call } = await both([json(whole(), 200, { 'request-id': 'req_7' })], async (anthropic) => {
      const { data, response, request_id: id } = await anthropic.messages.create(ask).withResponse();
      return [data, (data as { _request_id?: string })._request_id, response.status, id];
    });
    expect(call).toMatchObject({ status: 'ok', attributes: answered });
  });

  it('is the helper of streams, with its events and its final message', async () => {
    const { call, outcome } = await both([events(answerEvents, '')], async (anthropic) => {
      const stream = anthropic.messages.stream(ask);
      const texts: string[] = [];
      stream.on('text', (piece) => texts.push(piece));
      return [await stream.finalText(), (await stream.finalMessage()).stop_reason, texts];
    });
    expect(outcome).toMatchObject({ result: ['Because of that.', 'end_turn', ['Because ', 'of that.']] });
    expect(call).toMatchObject({ status: 'ok', attributes: streamed });
  });

  it('is a stream that can be split, and sent on', async () => {
    const { call } = await both([events(answerEvents, '')], async (anthropic) => {
      const [left, right] = (await anthropic.messages.create({ ...ask, stream: true })).tee();
      return [await collect(left), await new Response(right.toReadableStream()).text()];
    });
    expect(call).toMatchObject({ status: 'ok', attributes: { 'flow.chunks': answerEvents.length } });
  });

  it('is what parse() makes of the answer', async () => {
    const format = { type: 'json_schema' as const, schema: {}, parse: (given: string) => JSON.parse(given) as unknown };
    const { call, outcome } = await both([json(whole([{ type: 'text', text: '{"a":1}' }]))], (anthropic) =>
      anthropic.messages.parse({ ...ask, output_config: { format } }),
    );
    expect(outcome).toMatchObject({ result: { parsed_output: { a: 1 } } });
    expect(call?.attributes).toEqual({ ...answered, 'gen_ai.output.type': 'json' });
  });

  it('is the same for messages of the beta, whole, streamed and by the helper', async () => {
    const direct = await both([json(whole())], (anthropic) => anthropic.beta.messages.create(ask));
    expect(direct.call).toMatchObject({ status: 'ok', attributes: answered });
    const stream = await both([events(answerEvents, '')], async (anthropic) =>
      collect(await anthropic.beta.messages.create({ ...ask, stream: true })),
    );
    expect(stream.call?.attributes).toEqual(streamed);
    const helped = await both([events(answerEvents, '')], async (anthropic) => {
      const message = await anthropic.beta.messages.stream(ask).finalMessage();
      return message.content;
    });
    expect(helped.call?.attributes).toEqual(streamed);
  });

  it('is what the runner of tools ends with, whose calls are all recorded', async () => {
    server.answers = [json(whole([search], 'tool_use')), json(whole())];
    const { flow, result } = await record(async () => {
      const runner = trackAnthropic(client()).beta.messages.toolRunner({
        ...ask,
        tools: [
          {
            type: 'custom',
            name: 'search',
            input_schema: { type: 'object' },
            run: () => 'found',
            parse: (given: unknown) => given,
          },
        ],
      });
      return (await runner.runUntilDone()).content;
    });
    expect(result).toEqual([text]);
    expect(flow.checkpoints.map(({ attributes }) => attributes['gen_ai.response.finish_reasons'])).toEqual([
      ['tool_use'],
      ['end_turn'],
    ]);
  });
});

describe('a tracked client', () => {
  it('is the client itself, tracked once however often it is asked, and so are its variants', async () => {
    server.answers = [json(whole())];
    const anthropic = client();
    expect(trackAnthropic(trackAnthropic(anthropic))).toBe(anthropic);
    const variant = anthropic.withOptions({ maxRetries: 0 });
    expect(variant).toBeInstanceOf(Anthropic);
    const { flow } = await record(() => Promise.all([anthropic, variant].map((each) => each.messages.create(ask))));
    expect(flow.checkpoints.map(({ name }) => name)).toEqual(['llm_thinking', 'llm_thinking']);
  });

  it('nests its calls where they are made, under the name of its provider', async () => {
    server.answers = [json(whole())];
    const anthropic = trackAnthropic(client(), { provider: 'aws.bedrock' });
    const { flow } = await record((own) => own.run('tool_call', () => anthropic.messages.create(ask)));
    expect(flow.checkpoints).toMatchObject([
      {
        name: 'tool_call',
        checkpoints: [{ name: 'llm_thinking', attributes: { 'gen_ai.provider.name': 'aws.bedrock' } }],
      },
    ]);
  });

  it('does nothing where there is no flow, nor for calls of other kinds', async () => {
    server.answers = [json(whole()), json({ input_tokens: 3 })];
    const anthropic = trackAnthropic(client());
    expect(await anthropic.messages.create(ask)).toMatchObject({ id: 'msg_1' });
    const { model, messages } = ask;
    const { flow, result } = await record(async () => [
      await anthropic.messages.countTokens({ model, messages }),
      await anthropic.beta.messages.countTokens({ model, messages }),
      await anthropic.messages.batches.create({ requests: [] }),
    ]);
    expect(result).toMatchObject([{ input_tokens: 3 }, { input_tokens: 3 }, { input_tokens: 3 }]);
    expect(flow.checkpoints).toEqual([]);
  });

  it("leaves the client's own spans as they are", async () => {
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const spansOf = async (track: (anthropic: Anthropic) => Anthropic) => {
      const anthropic = track(client().withOptions({ openTelemetry: { tracerProvider } }));
      server.answers = [json(whole()), events(answerEvents, '')];
      await record(async () => {
        await anthropic.messages.create(ask);
        await collect(await anthropic.messages.create({ ...ask, stream: true }));
      });
      const spans = exporter.getFinishedSpans().map(({ name, status, attributes }) => {
        const { 'gen_ai.response.time_to_first_chunk': firstChunk, ...others } = attributes;
        return { name, status, others, hasFirstChunk: firstChunk !== undefined };
      });
      exporter.reset();
      return spans;
    };
    const plain = await spansOf((anthropic) => anthropic);
    expect(await spansOf((anthropic) => trackAnthropic(anthropic))).toEqual(plain);
    expect(plain).toMatchObject([
      { others: { 'gen_ai.usage.output_tokens': 5 }, hasFirstChunk: false },
      { others: { 'gen_ai.usage.output_tokens': 5 }, hasFirstChunk: true },
    ]);
  });

  it.each([['null'], ['[]'], ['{"content":7}'], ['{"content":[null]}'], ['{"usage":"x","content":[{"type":1}]}']])(
    'gives what a strange server answers as it is: %s',
    async (answer) => {
      const { call } = await both([json(JSON.parse(answer))], (anthropic) => anthropic.messages.create(ask), {
        content: true,
      });
      expect(call).toMatchObject({ name: 'llm_thinking', status: 'ok' });
    },
  );

  it.each([
    [{ type: 'message_start' }],
    [{ type: 'content_block_delta', index: 3, delta: { type: 'text_delta', text: 'x' } }],
    [{ type: 'content_block_start', index: 0, content_block: null }],
    [{ type: 'message_delta', delta: 1, usage: [null] }],
  ])('gives what a strange stream tells as it is: %j', async (event) => {
    const { call, outcome } = await both(
      [events([event], '')],
      async (anthropic) => collect(await anthropic.messages.create({ ...ask, stream: true })),
      { content: true },
    );
    expect(outcome).toEqual({ result: [event] });
    expect(call).toMatchObject({ name: 'llm_thinking', status: 'ok' });
  });
});
