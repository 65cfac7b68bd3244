import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { AttributesInput } from '@flow-tracking/express';
import { fieldsOf, type Fields, listOf, numberOf, textOf } from '../shared/fields';

/** A tool that a model asks for. */
export interface AskedTool {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** The first text that the options of a provider have under one of these names: `{ openai: { reasoningEffort: 'low' } }`. */
function providerText(options: unknown, ...names: string[]): string | undefined {
  const given = Object.values(fieldsOf(options)).map(fieldsOf);
  return names.flatMap((name) => given.map((each) => textOf(each[name]))).find((text) => text !== undefined);
}

/** What `doGenerate` and `doStream` are asked. */
export function requestAttributes(options: unknown, hasContent: boolean): AttributesInput {
  const given = fieldsOf(options);
  const own = given['providerOptions'];
  return {
    [ATTRIBUTES.operationName]: 'chat',
    [ATTRIBUTES.temperature]: given['temperature'],
    [ATTRIBUTES.topP]: given['topP'],
    [ATTRIBUTES.topK]: given['topK'],
    [ATTRIBUTES.maxTokens]: given['maxOutputTokens'],
    [ATTRIBUTES.seed]: given['seed'],
    [ATTRIBUTES.stopSequences]: given['stopSequences'],
    [ATTRIBUTES.frequencyPenalty]: given['frequencyPenalty'],
    [ATTRIBUTES.presencePenalty]: given['presencePenalty'],
    [ATTRIBUTES.reasoningLevel]: providerText(own, 'reasoningEffort', 'effort'),
    [ATTRIBUTES.previousResponseId]: providerText(own, 'previousResponseId'),
    [ATTRIBUTES.conversationId]: providerText(own, 'conversation'),
    [ATTRIBUTES.outputType]: textOf(fieldsOf(given['responseFormat'])['type']),
    [ATTRIBUTES.inputMessages]: hasContent ? given['prompt'] : undefined,
  };
}

/** Of models of version 3, whose counts have parts, and of version 2, where they are plain numbers. */
function usageAttributes(usage: unknown): AttributesInput {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = fieldsOf(usage);
  const [input, output] = [fieldsOf(inputTokens), fieldsOf(outputTokens)];
  return {
    [ATTRIBUTES.inputTokens]: numberOf(input['total'] ?? inputTokens),
    [ATTRIBUTES.outputTokens]: numberOf(output['total'] ?? outputTokens),
    [ATTRIBUTES.cachedInputTokens]: numberOf(input['cacheRead'] ?? cachedInputTokens),
    [ATTRIBUTES.cacheWriteInputTokens]: numberOf(input['cacheWrite']),
    [ATTRIBUTES.reasoningTokens]: numberOf(output['reasoning'] ?? reasoningTokens),
  };
}

/** Of version 3 with the provider's own word, of version 2 without. */
function finishReasons(reason: unknown): string[] | undefined {
  const text = textOf(fieldsOf(reason)['unified'] ?? reason);
  return text === undefined ? undefined : [text];
}

/** The tool of a part of an answer; undefined: it is another part. */
export function askedTool(part: Fields): AskedTool | undefined {
  if (part['type'] !== 'tool-call') return undefined;
  return { id: textOf(part['toolCallId']) ?? '', name: textOf(part['toolName']) ?? '', input: part['input'] };
}

/** What `doGenerate` gives. A stream is put together to the same. */
export interface Told {
  readonly response: unknown;
  readonly finishReason: unknown;
  readonly usage: unknown;
  readonly tools: readonly AskedTool[];
  readonly content: () => unknown;
}

export function answerAttributes(told: Told, hasContent: boolean): AttributesInput {
  const { id, modelId } = fieldsOf(told.response);
  const tools = told.tools.map((tool) =>
    hasContent ? { name: tool.name, id: tool.id, arguments: tool.input } : { name: tool.name, id: tool.id },
  );
  return {
    [ATTRIBUTES.responseId]: textOf(id),
    [ATTRIBUTES.responseModel]: textOf(modelId),
    [ATTRIBUTES.finishReasons]: finishReasons(told.finishReason),
    ...usageAttributes(told.usage),
    [ATTRIBUTES.toolCalls]: tools.length === 0 ? undefined : tools,
    [ATTRIBUTES.outputMessages]: hasContent ? [{ role: 'assistant', content: told.content() }] : undefined,
  };
}

/** What a whole answer tells. */
export function toldBy(answer: unknown): Told {
  const { response, finishReason, usage, content } = fieldsOf(answer);
  const tools = listOf(content).flatMap((part) => askedTool(part) ?? []);
  return { response, finishReason, usage, tools, content: () => content };
}
