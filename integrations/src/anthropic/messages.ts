import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { AttributesInput } from '@flow-tracking/express';
import { fieldsOf, type Fields, listOf, numberOf, textOf } from '../shared/fields';
import type { Operation } from '../shared/operation';
import { createMessageReader } from './message-reader';

function request(body: unknown, hasContent: boolean): AttributesInput {
  const given = fieldsOf(body);
  const { effort, format } = fieldsOf(given['output_config']);
  return {
    [ATTRIBUTES.operationName]: 'chat',
    [ATTRIBUTES.requestModel]: textOf(given['model']),
    [ATTRIBUTES.stream]: given['stream'] === true ? true : undefined,
    [ATTRIBUTES.temperature]: given['temperature'],
    [ATTRIBUTES.topP]: given['top_p'],
    [ATTRIBUTES.topK]: given['top_k'],
    [ATTRIBUTES.maxTokens]: given['max_tokens'],
    [ATTRIBUTES.stopSequences]: given['stop_sequences'],
    [ATTRIBUTES.reasoningLevel]: effort,
    [ATTRIBUTES.outputType]: textOf(fieldsOf(format)['type']) === 'json_schema' ? 'json' : undefined,
    [ATTRIBUTES.systemInstructions]: hasContent ? given['system'] : undefined,
    [ATTRIBUTES.inputMessages]: hasContent ? given['messages'] : undefined,
  };
}

/** Anthropic counts the tokens of the cache beside the others; by the conventions they are among the input tokens. */
function usage(value: unknown): AttributesInput {
  const used = fieldsOf(value);
  const input = numberOf(used['input_tokens']);
  const cached = numberOf(used['cache_read_input_tokens']);
  const written = numberOf(used['cache_creation_input_tokens']);
  return {
    [ATTRIBUTES.inputTokens]: input === undefined ? undefined : input + (cached ?? 0) + (written ?? 0),
    [ATTRIBUTES.outputTokens]: numberOf(used['output_tokens']),
    [ATTRIBUTES.cachedInputTokens]: cached,
    [ATTRIBUTES.cacheWriteInputTokens]: written,
    [ATTRIBUTES.reasoningTokens]: numberOf(fieldsOf(used['output_tokens_details'])['thinking_tokens']),
  };
}

/** Tools that run at Anthropic are not asked for. */
function toolCalls(content: readonly Fields[], hasContent: boolean): object[] | undefined {
  const calls = content
    .filter(({ type }) => type === 'tool_use')
    .map(({ name, id, input }) => ({
      name: textOf(name) ?? '',
      id: textOf(id) ?? '',
      ...(hasContent && { arguments: input }),
    }));
  return calls.length === 0 ? undefined : calls;
}

function told(message: unknown, hasContent: boolean): AttributesInput {
  const { model, id, stop_reason: reason, usage: used, content } = fieldsOf(message);
  const blocks = listOf(content);
  const stopReason = textOf(reason);
  return {
    [ATTRIBUTES.responseModel]: textOf(model),
    [ATTRIBUTES.responseId]: textOf(id),
    [ATTRIBUTES.finishReasons]: stopReason === undefined ? undefined : [stopReason],
    ...usage(used),
    [ATTRIBUTES.toolCalls]: toolCalls(blocks, hasContent),
    [ATTRIBUTES.outputMessages]: hasContent ? [{ role: 'assistant', content: blocks }] : undefined,
  };
}

/** `POST /v1/messages`. @see https://docs.anthropic.com/en/api/messages */
export const messages: Operation = {
  request,
  answer: (data, hasContent) => ({ attributes: told(data, hasContent) }),
  stream(hasContent) {
    const reader = createMessageReader(hasContent);
    return { read: reader.read, answer: () => ({ attributes: told(reader.message(), hasContent) }) };
  },
  /** The client's classes are by HTTP status, and its message has all of the body in it. */
  failure(error) {
    const { status, error: body } = fieldsOf(error);
    const { type, message } = fieldsOf(fieldsOf(body)['error']);
    const code = textOf(type);
    if (code === undefined) return error;
    const words = [numberOf(status), textOf(message)].filter((word) => word !== undefined);
    return { code, message: words.join(' '), status };
  },
};
