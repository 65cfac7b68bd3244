import { ATTRIBUTES, providerName } from '@flow-tracking/protocol';
import type { AttributesInput } from '@flow-tracking/express';
import { fieldsOf, type Fields, listOf, numberOf, someOf, textOf, textsOf } from '../shared/fields';
import { outputType } from '../shared/output-type';

/** What LangGraph calls the conversation, which it keeps by that name. @param metadata of a run */
export function conversationId(metadata: unknown): string | undefined {
  const { thread_id: thread } = fieldsOf(metadata);
  return typeof thread === 'number' ? String(thread) : textOf(thread);
}

/** What the start of a model's run tells. @param extra with the parameters as the provider takes them */
export function requestAttributes(extra: unknown, metadata: unknown): AttributesInput {
  const given = fieldsOf(fieldsOf(extra)['invocation_params']);
  const about = fieldsOf(metadata);
  const provider = textOf(about['ls_provider']);
  const { stop } = given;
  const choices = numberOf(given['n']);
  return {
    [ATTRIBUTES.providerName]: provider === undefined ? undefined : providerName(provider),
    [ATTRIBUTES.operationName]: 'chat',
    [ATTRIBUTES.conversationId]: conversationId(metadata),
    [ATTRIBUTES.requestModel]: textOf(about['ls_model_name']) ?? textOf(given['model']) ?? textOf(given['model_name']),
    [ATTRIBUTES.stream]: given['stream'] === true ? true : undefined,
    [ATTRIBUTES.temperature]: given['temperature'],
    [ATTRIBUTES.topP]: given['top_p'],
    [ATTRIBUTES.topK]: given['top_k'],
    [ATTRIBUTES.maxTokens]: given['max_completion_tokens'] ?? given['max_tokens'] ?? given['max_output_tokens'],
    [ATTRIBUTES.choiceCount]: choices === 1 ? undefined : choices,
    [ATTRIBUTES.seed]: given['seed'],
    [ATTRIBUTES.stopSequences]: typeof stop === 'string' ? [stop] : stop,
    [ATTRIBUTES.frequencyPenalty]: given['frequency_penalty'],
    [ATTRIBUTES.presencePenalty]: given['presence_penalty'],
    [ATTRIBUTES.reasoningLevel]: textOf(given['reasoning_effort']) ?? textOf(fieldsOf(given['reasoning'])['effort']),
    [ATTRIBUTES.previousResponseId]: textOf(given['previous_response_id']),
    [ATTRIBUTES.outputType]: outputType(given['response_format'] ?? fieldsOf(given['text'])['format']),
  };
}

/** A message as its provider takes it: what LangChain adds of itself is left out. */
function plainMessage(message: Fields): object {
  const { content, tool_calls: calls, tool_call_id: id } = message;
  return {
    role: textOf(message['type']) ?? 'unknown',
    content,
    ...(listOf(calls).length > 0 && { tool_calls: calls }),
    ...(id !== undefined && { tool_call_id: id }),
  };
}

/** @param messages of one prompt */
export function inputMessages(messages: unknown): object[] {
  return listOf(messages).map(plainMessage);
}

/** LangChain's own counts, which stand on the message; those before it had them stand beside. */
function usageAttributes(message: Fields, result: Fields): AttributesInput {
  const used = fieldsOf(message['usage_metadata']);
  const before = fieldsOf(fieldsOf(result['llmOutput'])['tokenUsage']);
  const [input, output] = [fieldsOf(used['input_token_details']), fieldsOf(used['output_token_details'])];
  return {
    [ATTRIBUTES.inputTokens]: numberOf(used['input_tokens']) ?? numberOf(before['promptTokens']),
    [ATTRIBUTES.outputTokens]: numberOf(used['output_tokens']) ?? numberOf(before['completionTokens']),
    [ATTRIBUTES.cachedInputTokens]: numberOf(input['cache_read']),
    [ATTRIBUTES.cacheWriteInputTokens]: numberOf(input['cache_creation']),
    [ATTRIBUTES.reasoningTokens]: numberOf(output['reasoning']),
    [ATTRIBUTES.audioInputTokens]: someOf(input['audio']),
    [ATTRIBUTES.audioOutputTokens]: someOf(output['audio']),
  };
}

/** The id that the provider gave; where it gives none, LangChain puts that of the run there. */
function responseId(message: Fields, response: Fields): string | undefined {
  const id = textOf(response['id']) ?? textOf(message['id']);
  return id === undefined || /^(lc_)?run-/.test(id) ? undefined : id;
}

/** What the end of a model's run tells. @param given an `LLMResult` */
export function answerAttributes(given: unknown, hasContent: boolean): AttributesInput {
  const output = fieldsOf(given);
  const [prompt] = Array.isArray(output['generations']) ? (output['generations'] as unknown[]) : [];
  const choices = listOf(prompt);
  const message = fieldsOf(choices[0]?.['message']);
  const response = fieldsOf(message['response_metadata']);
  const info = choices.map((choice) => fieldsOf(choice['generationInfo']));
  const tools = listOf(message['tool_calls']).map(({ name, id, args }) =>
    hasContent ? { name, id, arguments: args } : { name, id },
  );
  return {
    [ATTRIBUTES.responseModel]: textOf(response['model_name']) ?? textOf(response['model']),
    [ATTRIBUTES.responseId]: responseId(message, response),
    [ATTRIBUTES.finishReasons]: textsOf([
      ...info.map((each) => each['finish_reason']),
      response['finish_reason'] ?? response['stop_reason'] ?? response['status'],
    ]),
    ...usageAttributes(message, output),
    [ATTRIBUTES.toolCalls]: tools.length === 0 ? undefined : tools,
    [ATTRIBUTES.outputMessages]: hasContent
      ? choices.map(({ message: said, text }) => (said === undefined ? text : plainMessage(fieldsOf(said))))
      : undefined,
  };
}

/** Whether a piece of a stream has something of the answer in it: text, or a part of a tool call. */
export function isOutput(token: unknown, fields: unknown): boolean {
  if (textOf(token) !== undefined) return true;
  const { tool_call_chunks: calls, content } = fieldsOf(fieldsOf(fieldsOf(fields)['chunk'])['message']);
  return listOf(calls).length > 0 || (Array.isArray(content) && content.length > 0);
}
