import { context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  type ReadableSpan,
  SamplingDecision,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { testTracking } from '@flow-tracking/express/testing';
import { FlowSpanProcessor, type FlowSpanProcessorOptions } from '@flow-tracking/integrations/otel';
import { outlineOf, record } from '../testing/record';

/** A provider that has itself not registered: spans are made by its tracer, and their context is the SDK's own. */
function tracerWith(options?: FlowSpanProcessorOptions, sampler?: ConstructorParameters<typeof NodeTracerProvider>[0]) {
  const processor = new FlowSpanProcessor(options);
  const provider = new NodeTracerProvider({ spanProcessors: [processor satisfies SpanProcessor], ...sampler });
  return { tracer: provider.getTracer('test'), processor, provider };
}

beforeAll(() => {
  // Sets the context manager, by which spans find their parents.
  new NodeTracerProvider().register();
});
afterAll(() => {
  context.disable();
  trace.disable();
});

/** A context below a span of another process. */
const remote = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
});

describe('in the flow of a request', () => {
  it('a span is a checkpoint below the nearest span that is one, and runs until its end', async () => {
    const { tracer } = tracerWith({ spans: ({ name }) => !name.startsWith('internal') });
    const { flow } = await record(() =>
      tracer.startActiveSpan('invoke_agent planner', (agent) => {
        tracer.startActiveSpan('internal', (internal) => {
          const chat = tracer.startSpan('chat gpt', { attributes: { 'gen_ai.operation.name': 'chat', early: 1 } });
          chat.setAttributes({ 'gen_ai.usage.input_tokens': 7 });
          chat.end();
          internal.end();
        });
        const tool = tracer.startSpan('execute_tool search', {
          attributes: { 'gen_ai.operation.name': 'execute_tool' },
        });
        tracer.startSpan('GET', {}, trace.setSpan(context.active(), tool)).end();
        tool.end();
        agent.end();
      }),
    );
    expect(outlineOf(flow.checkpoints)).toEqual([
      [
        'invoke_agent planner',
        'ok',
        [
          ['llm_thinking', 'ok', []],
          ['tool_call', 'ok', [['GET', 'ok', []]]],
        ],
      ],
    ]);
    expect(flow.checkpoints[0]?.checkpoints[0]?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      early: 1,
      'gen_ai.usage.input_tokens': 7,
    });
  });

  it('a span without one above hangs where the application is', async () => {
    const { tracer } = tracerWith();
    const { flow } = await record(async (own) => {
      await own.run('plan', async () => {
        await Promise.resolve();
        tracer.startSpan('db').end();
      });
    });
    expect(outlineOf(flow.checkpoints)).toEqual([['plan', 'ok', [['db', 'ok', []]]]]);
  });

  it('a span whose parent is in another flow is in its own', async () => {
    const tracking = testTracking();
    const { tracer } = tracerWith();
    const [outer, inner] = [tracking.startFlow({ name: 'outer' }), tracking.startFlow({ name: 'inner' })];
    outer.within(() => {
      tracer.startActiveSpan('a', (a) => {
        inner.within(() => {
          tracer.startSpan('b').end();
        });
        a.end();
      });
    });
    inner.end();
    outer.end();
    const flows = await tracking.flows();
    expect(flows.map(({ name, checkpoints }) => [name, outlineOf(checkpoints)])).toEqual([
      ['outer', [['a', 'ok', []]]],
      ['inner', [['b', 'ok', []]]],
    ]);
  });

  it('a span stays in the flow of its parent where the context was lost', async () => {
    const { tracer } = tracerWith();
    const { flow } = await record(
      (_own, tracking) =>
        new Promise<void>((resolve) => {
          const agent = tracer.startSpan('agent');
          // A context without the flow, such as that of a connection that was opened before.
          tracking.startFlow({ name: 'other' }).within(() => undefined);
          contextless(() => {
            tracer.startSpan('late', {}, trace.setSpan(ROOT_CONTEXT, agent)).end();
            agent.end();
            resolve();
          });
        }),
    );
    expect(outlineOf(flow.checkpoints)).toEqual([['agent', 'ok', [['late', 'ok', []]]]]);
  });

  it('a failed span has the error of its exception, else of its status; an exception alone is no failure', async () => {
    const { tracer } = tracerWith();
    const { flow } = await record(() => {
      const spanWith = (change: (span: Span) => void) => {
        const span = tracer.startSpan('step');
        change(span);
        span.end();
      };
      spanWith((span) => {
        span.recordException(new TypeError('first'));
        span.recordException(new RangeError('too far'));
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'status' });
      });
      spanWith((span) => {
        span.setAttribute('error.type', '529').setStatus({ code: SpanStatusCode.ERROR, message: 'Overloaded' });
      });
      spanWith((span) => span.setStatus({ code: SpanStatusCode.ERROR }));
      spanWith((span) => {
        span.recordException(new Error('dealt with'));
      });
    });
    expect(flow.checkpoints.map(({ status, error }) => [status, error])).toEqual([
      ['error', { type: 'RangeError', message: 'too far' }],
      ['error', { type: '529', message: 'Overloaded' }],
      ['error', { type: 'Error', message: '' }],
      ['ok', null],
    ]);
  });

  it('begins when the span says that it began', async () => {
    const { tracer } = tracerWith();
    const { flow } = await record(async () => {
      const began = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 60));
      tracer.startSpan('told later', { startTime: began }).end();
      tracer.startSpan('now').end();
    });
    const [late, now] = flow.checkpoints;
    expect(late?.durationMs).toBeGreaterThanOrEqual(50);
    expect(now?.durationMs).toBeLessThan(50);
  });

  it('what is told right after the start names the checkpoint, which begins where the span does', async () => {
    const { tracer } = tracerWith();
    const { flow } = await record(async (own) => {
      const late = (name: string, attribute: string, value: string, within: (span: Span) => void) => {
        tracer.startActiveSpan(name, (span) => {
          span.setAttribute(attribute, value);
          within(span);
        });
      };
      own.run('answer', () => {
        // What is below it begins at once, and it ends at once.
        late('outer', 'openinference.span.kind', 'LLM', (outer) => {
          own.run('elsewhere', () => {
            late('inner', 'traceloop.span.kind', 'tool', (inner) => inner.end());
          });
          outer.end();
        });
      });
      let open: Span | undefined;
      own.run('call', () => {
        late('open', 'gen_ai.operation.name', 'chat', (span) => {
          open = span;
        });
      });
      await Promise.resolve();
      own.checkpoint('next');
      open?.end();
    });
    expect(outlineOf(flow.checkpoints)).toEqual([
      [
        'answer',
        'ok',
        [
          ['elsewhere', 'ok', []],
          ['llm_thinking', 'ok', [['tool_call', 'ok', []]]],
        ],
      ],
      ['call', 'ok', [['llm_thinking', 'ok', []]]],
      ['next', 'ok', []],
    ]);
  });

  it('a span that is named late has the duration that it took', async () => {
    const { tracer } = tracerWith();
    const { flow } = await record(() => {
      const span = tracer.startSpan('busy');
      const began = performance.now();
      while (performance.now() - began < 4);
      span.end();
    });
    expect(flow.checkpoints[0]?.durationMs).toBeGreaterThan(2);
  });

  it('prompts and answers are left out, unless they are wanted', async () => {
    const said = {
      'gen_ai.input.messages': '[]',
      'gen_ai.prompt.0.content': 'Why?',
      'ai.prompt.messages': '[]',
      'ai.response.text': 'Because.',
      'ai.response.providerMetadata': '{"openai":{"logprobs":[]}}',
      'llm.invocation_parameters': '{"instructions":"Be kind."}',
      'llm.input_messages.0.message.content': 'Why?',
      'traceloop.entity.input': '{}',
      'input.value': 'Why?',
    };
    const plain = { 'gen_ai.request.model': 'm', 'ai.response.model': 'm', 'input.mime_type': 'text/plain', '.': 'x' };
    const attributesOf = async (options: FlowSpanProcessorOptions) => {
      const { tracer } = tracerWith(options);
      const { flow } = await record(() => {
        const span = tracer.startSpan('x', { attributes: { ...plain, ...said } });
        span.setAttribute('output.value', 'Because.');
        span.end();
      });
      return flow.checkpoints[0]?.attributes;
    };
    expect(await attributesOf({})).toEqual(plain);
    expect(await attributesOf({ content: true })).toEqual({ ...plain, ...said, 'output.value': 'Because.' });
  });

  it('spans that are recorded without being exported are recorded here, and those that are not are not', async () => {
    const recordOnly = { sampler: { shouldSample: () => ({ decision: SamplingDecision.RECORD }) } };
    const { flow } = await record(() => {
      tracerWith({}, recordOnly).tracer.startSpan('recorded').end();
      tracerWith({}, { sampler: new AlwaysOffSampler() }).tracer.startSpan('not recorded').end();
    });
    expect(outlineOf(flow.checkpoints)).toEqual([['recorded', 'ok', []]]);
  });

  it('a span that never ends is left to the flow, as a checkpoint of the application is', async () => {
    const { tracer } = tracerWith();
    const { flow } = await record(() => {
      tracer.startSpan('never ends');
    });
    expect(flow.checkpoints).toMatchObject([{ name: 'never ends', status: 'running' }]);
  });

  it('a function of the application that throws changes nothing', async () => {
    const { tracer } = tracerWith({
      spans: () => {
        throw new Error('filter');
      },
    });
    const { flow } = await record(() => {
      tracer.startSpan('x').end();
    });
    expect(outlineOf(flow.checkpoints)).toEqual([['x', 'ok', []]]);
  });
});

/** Calls back outside of every async context of the caller. */
const queue: (() => void)[] = [];
setInterval(() => {
  for (const call of queue.splice(0)) call();
}, 5).unref();
const contextless = (call: () => void): void => void queue.push(call);

describe('outside of any flow', () => {
  it('each trace is a flow, with its id, user and session, which ends with its root', async () => {
    const tracking = testTracking();
    const { tracer } = tracerWith({ tracking });
    let traceId = '';
    tracer.startActiveSpan('job summarize', { attributes: { 'session.id': 's1' } }, (root) => {
      ({ traceId } = root.spanContext());
      const chat = tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } });
      chat.setAttribute('user.id', 7);
      chat.end();
      root.end();
    });
    tracer.startSpan('another').end();
    const flows = await tracking.flows();
    expect(flows).toMatchObject([
      { name: 'job summarize', status: 'ok', traceId, userId: '7', sessionId: 's1' },
      { name: 'another', status: 'ok', userId: null },
    ]);
    expect(outlineOf(flows[0]?.checkpoints ?? [])).toEqual([['job summarize', 'ok', [['llm_thinking', 'ok', []]]]]);
  });

  it('a root that fails fails the flow', async () => {
    const tracking = testTracking();
    const { tracer } = tracerWith({ tracking });
    const root = tracer.startSpan('job');
    root.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
    root.end();
    expect(await tracking.flows()).toMatchObject([{ status: 'error', error: { type: 'Error', message: 'no' } }]);
  });

  it('spans of one trace that come from another process share a flow for as long as one of them runs', async () => {
    const tracking = testTracking();
    const { tracer } = tracerWith({ tracking });
    const spans = ['first', 'second'].map((name) => tracer.startSpan(name, {}, remote));
    for (const span of spans) span.end();
    tracer.startSpan('third', {}, remote).end();
    const flows = await tracking.flows();
    expect(flows.map(({ checkpoints }) => outlineOf(checkpoints))).toEqual([
      [
        ['first', 'ok', []],
        ['second', 'ok', []],
      ],
      [['third', 'ok', []]],
    ]);
    expect(flows.map(({ traceId }) => traceId)).toEqual(flows.map(() => '0af7651916cd43dd8448eb211c80319c'));
  });

  it('a request that comes in is left to the middleware, whose flow has the spans below it', async () => {
    const attributes = { 'http.request.method': 'GET' };
    const served = async (options: FlowSpanProcessorOptions) => {
      const tracking = testTracking();
      const { tracer } = tracerWith({ tracking, ...options });
      tracer.startActiveSpan('GET', { kind: SpanKind.SERVER, attributes }, (server) => {
        tracer.startSpan('middleware - query').end();
        const flow = tracking.startFlow({ name: 'GET /ask' });
        flow.within(() => {
          tracer.startSpan('step').end();
        });
        flow.end();
        server.end();
      });
      return (await tracking.flows()).map(({ name, checkpoints }) => [name, outlineOf(checkpoints)]);
    };
    expect(await served({})).toEqual([['GET /ask', [['step', 'ok', []]]]]);
    expect(await served({ httpRequests: true })).toEqual([
      ['GET', [['GET', 'ok', [['middleware - query', 'ok', []]]]]],
      ['GET /ask', [['step', 'ok', []]]],
    ]);
  });

  it('nothing is recorded without the option', () => {
    const { tracer, processor } = tracerWith();
    expect(() => {
      tracer.startSpan('x').end();
    }).not.toThrow();
    expect(processor).toMatchObject({ open: new Map() });
  });
});

describe('the processor', () => {
  it('forgets the oldest of too many spans that never end, and ends the flow of a root', async () => {
    const tracking = testTracking();
    const { tracer, processor } = tracerWith({ tracking });
    const lost = tracer.startSpan('lost');
    const below = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('kept'));
    for (let i = 0; i < 10_000; i += 1) tracer.startSpan('never ends', {}, below);
    expect((processor as unknown as { open: Map<string, unknown> }).open.size).toBe(10_000);
    lost.end();
    const flows = await tracking.flows();
    expect(flows[0]).toMatchObject({
      name: 'lost',
      status: 'ok',
      checkpoints: [{ status: 'running' }],
    });
  });

  it('flushes, and records nothing after it was shut down', async () => {
    const tracking = testTracking();
    const flush = jest.spyOn(tracking, 'flush');
    const { tracer, provider } = tracerWith({ tracking });
    await provider.forceFlush();
    expect(flush).toHaveBeenCalledTimes(1);
    const open = tracer.startSpan('open');
    await provider.shutdown();
    expect(flush).toHaveBeenCalledTimes(2);
    open.end();
    tracer.startSpan('late').end();
    expect(await tracking.flows()).toMatchObject([
      { name: 'open', status: 'running', checkpoints: [{ status: 'running' }] },
    ]);
    await expect(new FlowSpanProcessor().forceFlush()).resolves.toBeUndefined();
  });

  it("takes the spans of the SDK's own types", () => {
    const options: FlowSpanProcessorOptions = {
      // @ts-expect-error -- no such option
      contents: true,
      spans: ({ name, attributes }) => name !== 'fs' && attributes['x'] === undefined,
    };
    const take = (span: ReadableSpan): boolean | undefined => options.spans?.(span);
    expect(take).toBeInstanceOf(Function);
  });
});
