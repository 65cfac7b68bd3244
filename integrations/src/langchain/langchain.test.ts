import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { RunnableLambda, RunnableParallel } from '@langchain/core/runnables';
import { BaseRetriever } from '@langchain/core/retrievers';
import { tool } from '@langchain/core/tools';
import { Annotation, END, interrupt, MemorySaver, START, StateGraph } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { currentFlow } from '@flow-tracking/express';
import type { TestCheckpoint, TestFlow } from '@flow-tracking/express/testing';
import { call, lastPiece, piece, whole } from '../testing/chat-completions';
import { brokenOff, events, json, type ModelAnswer, type ModelServer, startModelServer } from '../testing/model-server';
import { collect, outcomeOf, type Outcome } from '../testing/outcome';
import { outlineOf, record } from '../testing/record';
import { FlowCallbackHandler } from './index';

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const chatModel = (more: object = {}) =>
  new ChatOpenAI({
    model: 'gpt-4o-mini',
    apiKey: 'k',
    maxRetries: 0,
    configuration: { baseURL: `${server.url}/v1` },
    ...more,
  });

const answerPieces = [
  piece({ role: 'assistant', content: '' }),
  piece({ content: 'Because ' }),
  piece({ content: 'of that.' }),
  piece({}, 'stop'),
  lastPiece,
];
const asksForTools = json(
  whole({ tool_calls: [call(0, 'c1', 'search', '{"q":"x"}'), call(1, 'c2', 'search', '{"q":"y"}')] }, 'tool_calls'),
);
const refusal = (status: number): ModelAnswer =>
  json({ error: { message: `no: ${status}`, type: 'refused', code: 'refused_for_now' } }, status);

const search = tool(async ({ q }) => `found ${q}`, {
  name: 'search',
  description: 'Finds.',
  schema: z.object({ q: z.string() }),
});

interface Seen {
  readonly outcome: Outcome;
  readonly flow: TestFlow;
}

/** Does the same without and with the handler, and gives what was recorded. */
async function both(
  answers: readonly ModelAnswer[],
  use: (config: { callbacks: FlowCallbackHandler[] }) => unknown,
  handler = new FlowCallbackHandler(),
): Promise<Seen> {
  const asked = () => server.requests.splice(0).map(({ path, body }) => [path, body]);
  server.answers = [...answers];
  const plain = await outcomeOf(() => use({ callbacks: [] }));
  const plainRequests = asked();
  server.answers = [...answers];
  const { result: outcome, flow } = await record(() => outcomeOf(() => use({ callbacks: [handler] })));
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

describe('a chat model', () => {
  it('is a checkpoint with what request and answer tell, and nothing of their content', async () => {
    const { flow, outcome } = await both([json(whole({ content: 'Because.' }))], async (config) => {
      const answer = await chatModel({ temperature: 0.5, maxTokens: 9, stop: ['x'] }).invoke('Why?', config);
      return answer.text;
    });
    expect(outcome).toEqual({ result: 'Because.' });
    expect(flow.checkpoints).toMatchObject([{ name: 'llm_thinking', status: 'ok', error: null, checkpoints: [] }]);
    expect(flow.checkpoints[0]?.attributes).toEqual({
      ...answered,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.stop_sequences': ['x'],
    });
  });

  it('has how it is to think and to answer, and sound', async () => {
    const usage = {
      prompt_tokens: 20,
      completion_tokens: 9,
      total_tokens: 29,
      prompt_tokens_details: { audio_tokens: 6 },
      completion_tokens_details: { audio_tokens: 7 },
    };
    const { flow } = await both([json({ ...whole({ content: '{}' }), usage })], (config) =>
      chatModel({ model: 'o4-mini', n: 2, reasoning: { effort: 'low' } })
        .withConfig({ response_format: { type: 'json_object' } })
        .invoke('Why?', config),
    );
    expect(flow.checkpoints[0]?.attributes).toMatchObject({
      'gen_ai.request.choice.count': 2,
      'gen_ai.request.reasoning.level': 'low',
      'gen_ai.output.type': 'json',
      'gen_ai.usage.audio.input_tokens': 6,
      'gen_ai.usage.audio.output_tokens': 7,
    });
  });

  it('is a stream with its first chunk, its tokens and its end', async () => {
    const { flow, outcome } = await both([events(answerPieces)], async (config) =>
      (await collect(await chatModel().stream('Why?', config))).map(({ text }) => text).join(''),
    );
    expect(outcome).toEqual({ result: 'Because of that.' });
    const [llm] = flow.checkpoints;
    expect(llm).toMatchObject({ name: 'llm_thinking', status: 'ok' });
    expect(llm?.attributes).toMatchObject({
      ...answered,
      'flow.chunks': expect.any(Number),
      'flow.first_chunk_ms': expect.any(Number),
    });
    expect(llm?.attributes['flow.first_chunk_ms']).toBeLessThanOrEqual(llm?.durationMs ?? 0);
  });

  it('has prompts, answers and what tools take and give where they are wanted, and redacts them', async () => {
    const config = { callbacks: [new FlowCallbackHandler({ content: true })] };
    const use = async (redact: string[]) => {
      server.answers = [asksForTools];
      return record(
        async () => {
          const model = chatModel().bindTools([search]);
          const { tool_calls: calls = [] } = await model.invoke([new HumanMessage('Why?')], config);
          return Promise.all(calls.map((each) => search.invoke({ ...each, type: 'tool_call' as const }, config)));
        },
        { redact },
      );
    };
    const [{ flow, result }, redacted] = [
      await use([]),
      await use(['gen_ai.input.messages', 'gen_ai.tool.call.result']),
    ];
    expect(result.map((message) => message.content)).toEqual(['found x', 'found y']);
    expect(flow.checkpoints).toMatchObject([
      {
        attributes: {
          'gen_ai.input.messages': [{ role: 'human', content: 'Why?' }],
          'gen_ai.output.messages': [{ role: 'ai' }],
          'flow.tool_calls': [
            { name: 'search', id: 'c1', arguments: { q: 'x' } },
            { name: 'search', id: 'c2', arguments: { q: 'y' } },
          ],
        },
      },
      { attributes: { 'gen_ai.tool.call.arguments': '{"q":"x"}', 'gen_ai.tool.call.result': 'found x' } },
      { attributes: { 'gen_ai.tool.call.result': 'found y' } },
    ]);
    expect(JSON.stringify(redacted.flow)).not.toMatch(/Why|found/);
  });

  it.each([429, 500])('fails with the error of a model that answers %i', async (status) => {
    const { flow, outcome } = await both([refusal(status)], (config) => chatModel().invoke('Why?', config));
    expect(outcome).toMatchObject({ error: { status } });
    expect(flow.checkpoints).toMatchObject([
      { status: 'error', error: { message: expect.stringContaining(`no: ${status}`) } },
    ]);
    expect(flow.checkpoints[0]?.attributes).toMatchObject({ 'http.response.status_code': status });
  });

  it('is one checkpoint when a retry succeeds', async () => {
    const { flow } = await both([refusal(500), json(whole({ content: 'Yes' }))], async (config) => {
      const answer = await chatModel({ maxRetries: 1 }).invoke('Why?', config);
      return answer.text;
    });
    expect(flow.checkpoints).toMatchObject([{ status: 'ok', attributes: answered }]);
  });

  it('fails with a stream that breaks off', async () => {
    const { flow, outcome } = await both([brokenOff(answerPieces.slice(0, 2))], async (config) =>
      collect(await chatModel().stream('Why?', config)),
    );
    expect(outcome).toHaveProperty('error');
    expect(flow.checkpoints).toMatchObject([{ status: 'error', attributes: { 'flow.chunks': expect.any(Number) } }]);
  });

  it('is no error when the application stops it, before the answer and within a stream', async () => {
    const before = await both([() => undefined], (config) => {
      const stop = new AbortController();
      const asked = chatModel().invoke('Why?', { ...config, signal: stop.signal });
      setTimeout(() => {
        stop.abort();
      }, 20);
      return asked;
    });
    expect(before.outcome).toHaveProperty('error');
    expect(before.flow.checkpoints).toMatchObject([{ status: 'ok', attributes: { 'flow.aborted': true } }]);

    const within = await both([events(answerPieces.slice(0, 2), null)], async (config) => {
      const stop = new AbortController();
      for await (const _ of await chatModel().stream('Why?', { ...config, signal: stop.signal })) stop.abort();
    });
    expect(within.flow.checkpoints).toMatchObject([{ status: 'ok', attributes: { 'flow.aborted': true } }]);
  });
});

describe('chains', () => {
  const prompt = ChatPromptTemplate.fromTemplate('Why {x}?');
  const chain = () => prompt.pipe(chatModel()).pipe(new StringOutputParser());

  it('nest by the names that they were given, in parallel branches, too', async () => {
    const { flow, outcome } = await both([json(whole({ content: 'Yes' }))], (config) =>
      RunnableParallel.from({
        plain: chain(),
        named: chain().withConfig({ runName: 'summarize' }),
      })
        .pipe(RunnableLambda.from(({ plain, named }: Record<string, string>) => `${plain} ${named}`))
        .invoke({ x: 'so' }, config),
    );
    expect(outcome).toEqual({ result: 'Yes Yes' });
    expect(outlineOf(flow.checkpoints)).toEqual(
      expect.arrayContaining([
        ['llm_thinking', 'ok', []],
        ['summarize', 'ok', [['llm_thinking', 'ok', []]]],
      ]),
    );
    expect(flow.checkpoints).toHaveLength(2);
  });

  it('fail with what fails in them', async () => {
    const { flow } = await both([refusal(500)], (config) =>
      chain().withConfig({ runName: 'summarize' }).invoke({ x: 'so' }, config),
    );
    expect(outlineOf(flow.checkpoints)).toEqual([['summarize', 'error', [['llm_thinking', 'error', []]]]]);
  });

  it('have their retrievers', async () => {
    class Notes extends BaseRetriever {
      lc_namespace = ['test'];
      override _getRelevantDocuments = () => Promise.resolve([{ pageContent: 'a note', metadata: {} }]);
    }
    const { flow } = await both([], async (config) => [
      await new Notes().invoke('Why?', config),
      await new Notes().withConfig({ runName: 'find_notes' }).invoke('Why?', config),
    ]);
    expect(flow.checkpoints).toMatchObject([
      { name: 'retrieval', status: 'ok', attributes: { 'gen_ai.operation.name': 'retrieval' } },
      { name: 'find_notes', status: 'ok' },
    ]);
    expect(JSON.stringify(flow)).not.toMatch(/note"|Why/);
  });
});

describe('graphs', () => {
  const State = Annotation.Root({
    texts: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }),
  });
  const ask = async () => ({ texts: [(await chatModel().invoke('Why?')).text] });

  it('nest their nodes, parallel branches and sub-graphs', async () => {
    const { flow, outcome } = await both([json(whole({ content: 'Yes' }))], (config) => {
      const research = new StateGraph(State)
        .addNode('look_up', ask)
        .addEdge(START, 'look_up')
        .addEdge('look_up', END)
        .compile();
      return new StateGraph(State)
        .addNode('plan', () => ({ texts: ['plan'] }))
        .addNode('research', research)
        .addNode('draft', ask)
        .addNode('join', () => ({}))
        .addEdge(START, 'plan')
        .addConditionalEdges('plan', () => ['research', 'draft'])
        .addEdge(['research', 'draft'], 'join')
        .addEdge('join', END)
        .compile()
        .invoke({ texts: [] }, config);
    });
    expect(outcome).toMatchObject({ result: { texts: expect.arrayContaining(['plan', 'Yes']) } });
    const [plan, ...rest] = outlineOf(flow.checkpoints);
    expect(plan).toEqual(['plan', 'ok', []]);
    expect(rest.toSorted()).toEqual([
      ['draft', 'ok', [['llm_thinking', 'ok', []]]],
      ['join', 'ok', []],
      ['research', 'ok', [['look_up', 'ok', [['llm_thinking', 'ok', []]]]]],
    ]);
  });

  it('nest the calls and tools of an agent, which is named', async () => {
    const { flow, outcome } = await both(
      [asksForTools, json({ ...whole({ content: 'Done.' }), id: 'chatcmpl-2' })],
      async (config) => {
        const agent = createReactAgent({ llm: chatModel(), tools: [search], name: 'helper' });
        const { messages } = await agent.invoke({ messages: [new HumanMessage('Why?')] }, config);
        return messages.map(({ text }) => text);
      },
    );
    expect(outcome).toMatchObject({ result: ['Why?', '', 'found x', 'found y', 'Done.'] });
    const llm = ['llm_thinking', 'ok', []];
    const search1 = ['tool_call', 'ok', []];
    expect(outlineOf(flow.checkpoints)).toEqual([
      [
        'helper',
        'ok',
        [
          ['agent', 'ok', [llm]],
          ['tools', 'ok', [search1, search1]],
          ['agent', 'ok', [llm]],
        ],
      ],
    ]);
    const [helper] = flow.checkpoints;
    expect(helper?.attributes).toEqual({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'helper' });
    expect(helper?.checkpoints[1]?.checkpoints[0]?.attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.call.id': 'c1',
      'gen_ai.tool.type': 'function',
    });
  });

  it('have the thread that they go on with as their conversation', async () => {
    const agent = createReactAgent({
      llm: chatModel(),
      tools: [search],
      name: 'helper',
      checkpointer: new MemorySaver(),
    });
    let thread = 0;
    const { flow } = await both([asksForTools, json(whole({ content: 'Done.' }))], async (config) => {
      thread += 1;
      await agent.invoke(
        { messages: [new HumanMessage('Why?')] },
        { ...config, configurable: { thread_id: `t${thread}` } },
      );
    });
    const told: unknown[] = [];
    const visit = (checkpoints: readonly TestCheckpoint[]): void => {
      for (const { name, attributes, checkpoints: nested } of checkpoints) {
        if (attributes['gen_ai.operation.name'] !== undefined) told.push([name, attributes['gen_ai.conversation.id']]);
        visit(nested);
      }
    };
    visit(flow.checkpoints);
    expect(told).toEqual([
      ['helper', 't2'],
      ['llm_thinking', 't2'],
      ['tool_call', 't2'],
      ['tool_call', 't2'],
      ['llm_thinking', 't2'],
    ]);
  });

  it('fail where they fail, and are no failure where they wait for a person', async () => {
    const failing = new StateGraph(State)
      .addNode('draft', (): { texts: string[] } => {
        throw new RangeError('too far');
      })
      .addEdge(START, 'draft')
      .compile();
    const { flow: failed } = await both([], (config) => failing.invoke({ texts: [] }, config));
    expect(failed.checkpoints).toMatchObject([{ name: 'draft', status: 'error', error: { type: 'RangeError' } }]);

    const waiting = new StateGraph(State)
      .addNode('confirm', () => ({ texts: [String(interrupt('Sure?'))] }))
      .addEdge(START, 'confirm')
      .compile({ checkpointer: new MemorySaver() });
    let thread = 0;
    const { flow: waited } = await both([], async (config) => {
      thread += 1;
      await waiting.invoke({ texts: [] }, { ...config, configurable: { thread_id: String(thread) } });
    });
    expect(outlineOf(waited.checkpoints)).toEqual([['confirm', 'ok', []]]);
  });
});

describe('the handler', () => {
  it('records a run once, however often it is given', async () => {
    server.answers = [json(whole({ content: 'Yes' }))];
    const handler = new FlowCallbackHandler();
    const model = chatModel({ callbacks: [handler] });
    const { flow } = await record((own) =>
      own.run('answer', () => model.invoke('Why?', { callbacks: [handler, new FlowCallbackHandler()] })),
    );
    expect(outlineOf(flow.checkpoints)).toEqual([['answer', 'ok', [['llm_thinking', 'ok', []]]]]);
  });

  it('keeps flows at the same time apart', async () => {
    server.answers = [json(whole({ content: 'Yes' }))];
    const handler = new FlowCallbackHandler();
    const one = () => record(() => chatModel().invoke('Why?', { callbacks: [handler] }));
    const all = await Promise.all([one(), one(), one()]);
    expect(all.map(({ flow }) => outlineOf(flow.checkpoints))).toEqual(Array(3).fill([['llm_thinking', 'ok', []]]));
  });

  it('times what it records, whatever waits in the queue of LangChain', async () => {
    server.answers = [json(whole({ content: 'Yes' }))];
    let go = (): void => undefined;
    const slow = {
      handleChatModelStart: () =>
        new Promise<void>((resolve) => {
          go = resolve;
        }),
    };
    const { flow } = await record(() => chatModel().invoke('Why?', { callbacks: [slow, new FlowCallbackHandler()] }));
    go();
    expect(flow.checkpoints).toMatchObject([{ status: 'ok' }]);
    expect(flow.checkpoints[0]?.durationMs).toBeLessThan(flow.durationMs ?? 0);
  });

  it('does nothing where there is no flow', async () => {
    server.answers = [json(whole({ content: 'Yes' }))];
    expect(currentFlow().recording).toBe(false);
    const answer = await chatModel().invoke([new HumanMessage('Why?')], { callbacks: [new FlowCallbackHandler()] });
    expect(answer).toBeInstanceOf(AIMessage);
  });
});
