import { context, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';
import { FlowSpanProcessor } from '@flow-tracking/integrations/otel';
import { call } from './chat-completions';
import { type ModelServer, startModelServer } from './model-server';

/** An instrumentation of OpenTelemetry that patches OpenAI's client, whoever made it. */
interface Instrumentation {
  setTracerProvider(provider: NodeTracerProvider): void;
  manuallyInstrument(module: typeof OpenAI): void;
  disable(): void;
}

export const model = 'gpt-4o-mini';
export const messages = [{ role: 'user' as const, content: 'Why?' }];
export const tools = ['search', 'weather'].map((name) => ({
  type: 'function' as const,
  function: { name, parameters: {} },
}));
/** An answer's, of both tools. */
export const toolCalls = [call(0, 'c1', 'search', '{"q":"x"}'), call(1, 'c2', 'weather', '{"city":"Rome"}')];

/** Instruments OpenAI's client for the tests of a file, with a server for it to ask. */
export function useInstrumentedOpenAI(instrumentation: Instrumentation): {
  readonly server: ModelServer;
  readonly client: () => OpenAI;
} {
  let server: ModelServer | undefined;
  const started = (): ModelServer => {
    if (server === undefined) throw new Error('The server is started before the first test');
    return server;
  };
  beforeAll(async () => {
    const provider = new NodeTracerProvider({ spanProcessors: [new FlowSpanProcessor()] });
    provider.register();
    instrumentation.setTracerProvider(provider);
    instrumentation.manuallyInstrument(OpenAI);
    server = await startModelServer();
  });
  afterAll(async () => {
    instrumentation.disable();
    context.disable();
    trace.disable();
    await server?.close();
  });
  return {
    get server() {
      return started();
    },
    client: () => new OpenAI({ apiKey: 'k', baseURL: `${started().url}/v1`, maxRetries: 0 }),
  };
}
