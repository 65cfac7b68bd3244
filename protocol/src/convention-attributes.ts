import { ATTRIBUTES } from './attributes';
import { providerName } from './provider-name';
import { MODEL, TOOL } from './span-checkpoints';
import type { Attributes, JsonValue } from './values';

/** Undefined: the value is none that the convention has. */
type Read = (value: unknown) => JsonValue | undefined;
type Sources = readonly (readonly [to: string, from: readonly string[], read: Read])[];

const text: Read = (value) => (typeof value === 'string' && value !== '' ? value : undefined);
const amount: Read = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const listOfOne: Read = (value) => (typeof value === 'string' && value !== '' ? [value] : undefined);
const provider: Read = (value) => (typeof value === 'string' && value !== '' ? providerName(value) : undefined);

/**
 * What spans tell under a name of their own, by the name of the conventions. `ai.` is the AI SDK, `llm.`, `embedding.` and `tool.`
 * are OpenInference, `gen_ai.` without a part for it was Traceloop's or the conventions' once.
 */
const SOURCES: ReadonlyMap<string, Sources> = new Map([
  [
    MODEL,
    [
      [ATTRIBUTES.providerName, ['ai.model.provider', 'llm.provider'], provider],
      [ATTRIBUTES.providerName, ['gen_ai.system', 'llm.system'], text],
      [
        ATTRIBUTES.requestModel,
        ['llm.request.model_name', 'llm.model_name', 'embedding.model_name', 'ai.model.id'],
        text,
      ],
      [ATTRIBUTES.responseModel, ['llm.response.model_name'], text],
      [ATTRIBUTES.finishReasons, ['llm.finish_reason'], listOfOne],
      [
        ATTRIBUTES.inputTokens,
        [
          'ai.usage.inputTokens',
          'ai.usage.promptTokens',
          'ai.usage.tokens',
          'llm.token_count.prompt',
          'gen_ai.usage.prompt_tokens',
        ],
        amount,
      ],
      [
        ATTRIBUTES.outputTokens,
        [
          'ai.usage.outputTokens',
          'ai.usage.completionTokens',
          'llm.token_count.completion',
          'gen_ai.usage.completion_tokens',
        ],
        amount,
      ],
      [
        ATTRIBUTES.cachedInputTokens,
        [
          'ai.usage.cachedInputTokens',
          'llm.token_count.prompt_details.cache_read',
          'gen_ai.usage.cache_read_input_tokens',
        ],
        amount,
      ],
      [
        ATTRIBUTES.cacheWriteInputTokens,
        [
          'ai.usage.inputTokenDetails.cacheWriteTokens',
          'llm.token_count.prompt_details.cache_write',
          'gen_ai.usage.cache_creation_input_tokens',
        ],
        amount,
      ],
      [
        ATTRIBUTES.reasoningTokens,
        ['ai.usage.reasoningTokens', 'llm.token_count.completion_details.reasoning', 'gen_ai.usage.reasoning_tokens'],
        amount,
      ],
      [ATTRIBUTES.firstChunkMs, ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk'], amount],
    ],
  ],
  [
    TOOL,
    [
      [ATTRIBUTES.toolName, ['ai.toolCall.name', 'tool.name', 'traceloop.entity.name'], text],
      [ATTRIBUTES.toolCallId, ['ai.toolCall.id', 'tool_call.id'], text],
    ],
  ],
]);

/**
 * What a span of a model or a tool tells in other words than the conventions', in theirs. Other spans have nothing: one around
 * the calls of a model tells their sum, which would be counted twice.
 *
 * @param checkpoint that stands for the span, by `checkpointOfSpan`
 * @returns only what `attributes` do not have under the conventions' name
 */
export function conventionAttributes(checkpoint: string, attributes: Readonly<Record<string, unknown>>): Attributes {
  const told: Attributes = {};
  for (const [to, from, read] of SOURCES.get(checkpoint) ?? []) {
    if (attributes[to] !== undefined || told[to] !== undefined) continue;
    for (const name of from) {
      const value = read(attributes[name]);
      if (value === undefined) continue;
      told[to] = value;
      break;
    }
  }
  return told;
}
