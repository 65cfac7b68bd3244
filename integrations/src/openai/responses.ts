import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { AttributesInput } from '@flow-tracking/express';
import { fieldsOf, type Fields, listOf, numberOf, textOf } from '../shared/fields';
import type { Answer, Operation } from '../shared/operation';
import { outputType } from '../shared/output-type';

function request(body: unknown, hasContent: boolean): AttributesInput {
  const given = fieldsOf(body);
  const conversation = given['conversation'];
  return {
    [ATTRIBUTES.operationName]: 'chat',
    [ATTRIBUTES.requestModel]: textOf(given['model']),
    [ATTRIBUTES.stream]: given['stream'] === true ? true : undefined,
    [ATTRIBUTES.temperature]: given['temperature'],
    [ATTRIBUTES.topP]: given['top_p'],
    [ATTRIBUTES.maxTokens]: given['max_output_tokens'],
    [ATTRIBUTES.reasoningLevel]: fieldsOf(given['reasoning'])['effort'],
    [ATTRIBUTES.outputType]: outputType(fieldsOf(given['text'])['format']),
    [ATTRIBUTES.previousResponseId]: textOf(given['previous_response_id']),
    [ATTRIBUTES.conversationId]: textOf(conversation) ?? textOf(fieldsOf(conversation)['id']),
    [ATTRIBUTES.systemInstructions]: hasContent ? given['instructions'] : undefined,
    [ATTRIBUTES.inputMessages]: hasContent ? given['input'] : undefined,
  };
}

/** A response ends by its status; what cut it short is the better reason. */
function finishReason(response: Fields): string[] | undefined {
  const reason = textOf(fieldsOf(response['incomplete_details'])['reason']) ?? textOf(response['status']);
  return reason === undefined ? undefined : [reason];
}

/** Calls of functions and of tools with a text as input; tools that run at OpenAI are not asked for. */
function toolCalls(output: readonly Fields[], hasContent: boolean): object[] | undefined {
  const calls = output
    .filter(({ type }) => type === 'function_call' || type === 'custom_tool_call')
    .map((item) => ({
      name: textOf(item['name']) ?? '',
      id: textOf(item['call_id']) ?? '',
      ...(hasContent && { arguments: item['arguments'] ?? item['input'] }),
    }));
  return calls.length === 0 ? undefined : calls;
}

function answer(data: unknown, hasContent: boolean): Answer {
  const response = fieldsOf(data);
  const used = fieldsOf(response['usage']);
  const input = fieldsOf(used['input_tokens_details']);
  const output = listOf(response['output']);
  const attributes = {
    [ATTRIBUTES.responseModel]: textOf(response['model']),
    [ATTRIBUTES.responseId]: textOf(response['id']),
    [ATTRIBUTES.finishReasons]: finishReason(response),
    [ATTRIBUTES.inputTokens]: numberOf(used['input_tokens']),
    [ATTRIBUTES.outputTokens]: numberOf(used['output_tokens']),
    [ATTRIBUTES.cachedInputTokens]: numberOf(input['cached_tokens']),
    [ATTRIBUTES.cacheWriteInputTokens]: numberOf(input['cache_write_tokens']),
    [ATTRIBUTES.reasoningTokens]: numberOf(fieldsOf(used['output_tokens_details'])['reasoning_tokens']),
    [ATTRIBUTES.toolCalls]: toolCalls(output, hasContent),
    [ATTRIBUTES.outputMessages]: hasContent ? output : undefined,
  };
  if (response['status'] !== 'failed') return { attributes };
  const { code, message } = fieldsOf(response['error']);
  return { attributes, failure: { error: { name: textOf(code) ?? 'failed', message: textOf(message) ?? '' } } };
}

/** Events before the model has begun to answer. */
const WAITING = new Set<unknown>(['response.created', 'response.queued', 'response.in_progress']);

/** `POST /responses`. @see https://platform.openai.com/docs/api-reference/responses */
export const responses: Operation = {
  request,
  answer,
  stream(hasContent) {
    let latest: unknown;
    return {
      read(event) {
        const { type, response } = fieldsOf(event);
        // The first events and the last one hold the response as it is then.
        latest = response ?? latest;
        return !WAITING.has(type);
      },
      answer: () => answer(latest, hasContent),
    };
  },
};
