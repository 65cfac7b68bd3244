import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { lastPiece, piece, whole } from '../testing/chat-completions';
import { heldBack, json } from '../testing/model-server';
import { messages, model, toolCalls, tools, useInstrumentedOpenAI } from '../testing/instrumented-openai';
import { outlineOf, record } from '../testing/record';

const openai = useInstrumentedOpenAI(new OpenAIInstrumentation());
const { client } = openai;

describe("OpenInference's instrumentation of OpenAI", () => {
  it('is a call of a model where it was made, with what it tells, and nothing of its content', async () => {
    openai.server.answers = [json(whole({ content: 'Yes', tool_calls: toolCalls }, 'tool_calls'))];
    const { flow } = await record((own) =>
      own.run('answer', () => client().chat.completions.create({ model, messages, tools })),
    );
    expect(outlineOf(flow.checkpoints)).toEqual([['answer', 'ok', [['llm_thinking', 'ok', []]]]]);
    expect(flow.checkpoints[0]?.checkpoints[0]?.attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      // Its one name of the model is that of the answer, once there is one.
      'gen_ai.request.model': 'gpt-4o-mini-2024',
      'gen_ai.response.finish_reasons': ['tool_calls'],
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 8,
      'gen_ai.usage.reasoning.output_tokens': 3,
    });
    expect(JSON.stringify(flow)).not.toMatch(/Why|Yes|Rome|parameters/);
  });

  it('shows a stream while it runs, whose tokens it does not tell', async () => {
    const pieces = [piece({ role: 'assistant', tool_calls: toolCalls }), piece({}, 'tool_calls'), lastPiece];
    const held = heldBack(pieces.slice(0, 1), pieces.slice(1));
    openai.server.answers = [held.answer];
    const { flow } = await record(async (_own, tracking) => {
      const stream = await client().chat.completions.create({
        model,
        messages,
        tools,
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const { choices } of stream) {
        if (choices[0]?.delta.tool_calls === undefined) continue;
        const [running] = await tracking.flows({ timeoutMs: 0 });
        expect(running?.checkpoints).toMatchObject([
          { name: 'llm_thinking', status: 'running', attributes: { 'gen_ai.request.model': model } },
        ]);
        held.release();
      }
    });
    expect(flow.checkpoints).toMatchObject([
      {
        name: 'llm_thinking',
        status: 'ok',
        attributes: { 'gen_ai.request.model': model, 'gen_ai.response.finish_reasons': ['tool_calls'] },
      },
    ]);
    expect(flow.checkpoints[0]?.attributes).not.toHaveProperty(['gen_ai.usage.input_tokens']);
  });

  it('ends with a stream that the application stops', async () => {
    openai.server.answers = [heldBack([piece({ role: 'assistant', content: 'Because ' })], []).answer];
    const { flow } = await record(async () => {
      const stream = await client().chat.completions.create({ model, messages, stream: true });
      for await (const chunk of stream) if (chunk.choices.length > 0) stream.controller.abort();
    });
    expect(flow.checkpoints).toMatchObject([{ name: 'llm_thinking', status: 'ok' }]);
  });

  it('leaves a call that fails open, since it never ends its span; it ends with its flow', async () => {
    openai.server.answers = [json({ error: { message: 'no', type: 'refused', code: 'c' } }, 400)];
    const { flow } = await record(async (own) => {
      await client()
        .chat.completions.create({ model, messages })
        .catch((error: unknown) => {
          own.fail(error);
        });
    });
    expect(flow).toMatchObject({ status: 'error', error: { type: 'c', message: '400 no' } });
    expect(flow.checkpoints).toMatchObject([
      { name: 'llm_thinking', status: 'error', attributes: { 'flow.unended': true } },
    ]);
  });

  it('is there for embeddings, without the vector', async () => {
    const embedding = { object: 'embedding', index: 0, embedding: [0.123, 2] };
    openai.server.answers = [
      json({ object: 'list', model: 'embed-2', data: [embedding], usage: { prompt_tokens: 4, total_tokens: 4 } }),
    ];
    const { flow } = await record(() =>
      client().embeddings.create({ model: 'embed', input: 'Why?', encoding_format: 'float' }),
    );
    expect(flow.checkpoints).toMatchObject([
      {
        name: 'llm_thinking',
        status: 'ok',
        attributes: { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'embed' },
      },
    ]);
    expect(JSON.stringify(flow)).not.toMatch(/Why|0\.123/);
  });
});
