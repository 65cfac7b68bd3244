import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { ChatError } from './errors';
import type { ChatModel, ReplyContext, Usage } from './model';
import { TOOLS, type ToolCall } from './tools';

interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
}

/** The parts of a streamed chunk that matter here. https://platform.openai.com/docs/api-reference/chat-streaming */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({
          content: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                index: z.number(),
                id: z.string().nullish(),
                function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).optional(),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

const argumentsSchema = z.object({ query: z.string() });

/** A call as it is put together from its pieces. */
interface PendingCall {
  id: string;
  name: string;
  arguments: string;
}

/** How often the model may ask for tools before it has to answer. */
const MAX_ROUNDS = 4;

const toolsOffered = Object.entries(TOOLS).map(([name, { description }]) => ({
  type: 'function',
  function: {
    name,
    description,
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  },
}));

/** A model behind any endpoint that speaks OpenAI's chat completions. */
export function createOpenAiModel(endpoint: Endpoint): ChatModel {
  return {
    name: endpoint.model,
    reply(message, context) {
      let usage: Usage = { inputTokens: 0, outputTokens: 0 };
      const count = (input: number, output: number): void => {
        usage = { inputTokens: usage.inputTokens + input, outputTokens: usage.outputTokens + output };
      };
      return { chunks: converse(endpoint, message, context, count), usage: () => usage };
    },
  };
}

/** Asks, runs the tools that the model wants, and asks again, until it answers. */
async function* converse(
  endpoint: Endpoint,
  message: string,
  { runTool, signal }: ReplyContext,
  count: (input: number, output: number) => void,
): AsyncGenerator<string, void, undefined> {
  const messages: object[] = [{ role: 'user', content: message }];
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const calls: PendingCall[] = [];
    const offersTools = round < MAX_ROUNDS;
    for await (const chunk of complete(endpoint, messages, offersTools, signal)) {
      if (chunk.usage) count(chunk.usage.prompt_tokens, chunk.usage.completion_tokens);
      const delta = chunk.choices[0]?.delta;
      for (const piece of delta?.tool_calls ?? []) {
        const call = (calls[piece.index] ??= { id: '', name: '', arguments: '' });
        call.id += piece.id ?? '';
        call.name += piece.function?.name ?? '';
        call.arguments += piece.function?.arguments ?? '';
      }
      if (delta?.content) yield delta.content;
    }
    if (calls.length === 0) return;
    messages.push({
      role: 'assistant',
      tool_calls: calls.map(({ id, name, arguments: text }) => ({
        id,
        type: 'function',
        function: { name, arguments: text },
      })),
    });
    for (const call of calls) {
      messages.push({ role: 'tool', tool_call_id: call.id, content: await runTool(toToolCall(call)) });
    }
  }
}

/** @throws {ChatError} `model_failed` when the arguments are not as asked for */
function toToolCall({ name, arguments: text }: PendingCall): ToolCall {
  try {
    return { name, query: argumentsSchema.parse(JSON.parse(text)).query };
  } catch (error) {
    throw new ChatError('model_failed', 502, `The model called ${name} with unusable arguments`, { cause: error });
  }
}

/** @throws {ChatError} `model_failed` */
async function* complete(
  { baseUrl, apiKey, model }: Endpoint,
  messages: readonly object[],
  offersTools: boolean,
  signal: AbortSignal,
): AsyncGenerator<z.infer<typeof chunkSchema>, void, undefined> {
  let answer: Response;
  try {
    answer = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
        ...(offersTools ? { tools: toolsOffered } : {}),
      }),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ChatError('model_failed', 502, `The model at ${baseUrl} can not be reached`, { cause: error });
  }
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    throw new ChatError('model_failed', 502, `The model at ${baseUrl} answered ${answer.status}`);
  }
  const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    if (data === '[DONE]') return;
    yield chunkSchema.parse(JSON.parse(data));
  }
}
