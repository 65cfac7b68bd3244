import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
import { lastPiece, piece, whole } from '../testing/chat-completions';
import { events, heldBack, json } from '../testing/model-server';
import { collect } from '../testing/outcome';
import { messages, model, toolCalls, tools, useInstrumentedOpenAI } from '../testing/instrumented-openai';
import { outlineOf, record } from '../testing/record';

const openai = useInstrumentedOpenAI(new OpenAIInstrumentation());
const { client } = openai;

const answered = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': model,
  'gen_ai.response.model': 'gpt-4o-mini-2024',
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.response.finish_reasons': ['tool_call'],
};

describe("Traceloop's instrumentation of OpenAI", () => {
  it('is a call of a model where it was made, with what it tells, and nothing of its content', async () => {
    openai.server.answers = [json(whole({ content: 'Yes', tool_calls: toolCalls }, 'tool_calls'))];
    const { flow } = await record((own) =>
      own.run('answer', () => client().chat.completions.create({ model, messages, tools, temperature: 0.5 })),
    );
    expect(outlineOf(flow.checkpoints)).toEqual([['answer', 'ok', [['llm_thinking', 'ok', []]]]]);
    expect(flow.checkpoints[0]?.checkpoints[0]?.attributes).toMatchObject({
      ...answered,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.output_tokens': 5,
    });
    expect(JSON.stringify(flow)).not.toMatch(/Why|Yes|Rome/);
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
    expect(flow.checkpoints).toMatchObject([{ name: 'llm_thinking', status: 'ok', attributes: answered }]);
    expect(flow.checkpoints[0]?.attributes).not.toHaveProperty(['gen_ai.usage.input_tokens']);
  });

  // It ends no span of a call that fails, or whose stream is not read to its end.
  it('leaves a call that fails open, which ends with its flow', async () => {
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

  it('leaves a stream that the application stops open, which ends with its flow', async () => {
    openai.server.answers = [events([piece({ role: 'assistant', content: 'Because ' })], null)];
    const stop = new AbortController();
    const { flow } = await record(async (own) => {
      const stream = await client().chat.completions.create({ model, messages, stream: true }, { signal: stop.signal });
      setImmediate(() => {
        stop.abort();
      });
      await collect(stream).catch(() => undefined);
      own.end('aborted');
    });
    expect(flow).toMatchObject({
      status: 'aborted',
      checkpoints: [{ name: 'llm_thinking', status: 'aborted', attributes: { 'flow.unended': true } }],
    });
  });
});
