import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { AttributesInput } from '@flow-tracking/express';
import { fieldsOf, type Fields, listOf, numberOf, someOf, textOf, textsOf } from '../shared/fields';
import type { Operation } from '../shared/operation';
import { outputType } from '../shared/output-type';

/** A call of a tool, put together from the pieces of a stream. */
interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

interface Choice {
  text: string;
  finishReason: string | undefined;
  readonly toolCalls: Map<unknown, ToolCall>;
}

function request(body: unknown, hasContent: boolean): AttributesInput {
  const given = fieldsOf(body);
  const choices = numberOf(given['n']);
  const { modalities } = given;
  const isSpoken = Array.isArray(modalities) && modalities.includes('audio');
  return {
    [ATTRIBUTES.operationName]: 'chat',
    [ATTRIBUTES.requestModel]: textOf(given['model']),
    [ATTRIBUTES.stream]: given['stream'] === true ? true : undefined,
    [ATTRIBUTES.temperature]: given['temperature'],
    [ATTRIBUTES.topP]: given['top_p'],
    [ATTRIBUTES.maxTokens]: given['max_completion_tokens'] ?? given['max_tokens'],
    [ATTRIBUTES.choiceCount]: choices === 1 ? undefined : choices,
    [ATTRIBUTES.seed]: given['seed'],
    [ATTRIBUTES.stopSequences]: typeof given['stop'] === 'string' ? [given['stop']] : given['stop'],
    [ATTRIBUTES.frequencyPenalty]: given['frequency_penalty'],
    [ATTRIBUTES.presencePenalty]: given['presence_penalty'],
    [ATTRIBUTES.reasoningLevel]: given['reasoning_effort'],
    [ATTRIBUTES.outputType]: isSpoken ? 'speech' : outputType(given['response_format']),
    [ATTRIBUTES.inputMessages]: hasContent ? given['messages'] : undefined,
  };
}

/** Of a whole answer, or of the last chunk of a stream that was asked for it. */
function usage(value: unknown): AttributesInput {
  const used = fieldsOf(value);
  const [input, output] = [fieldsOf(used['prompt_tokens_details']), fieldsOf(used['completion_tokens_details'])];
  return {
    [ATTRIBUTES.inputTokens]: numberOf(used['prompt_tokens']),
    [ATTRIBUTES.outputTokens]: numberOf(used['completion_tokens']),
    [ATTRIBUTES.cachedInputTokens]: numberOf(input['cached_tokens']),
    [ATTRIBUTES.cacheWriteInputTokens]: numberOf(input['cache_write_tokens']),
    [ATTRIBUTES.reasoningTokens]: numberOf(output['reasoning_tokens']),
    [ATTRIBUTES.audioInputTokens]: someOf(input['audio_tokens']),
    [ATTRIBUTES.audioOutputTokens]: someOf(output['audio_tokens']),
  };
}

/** The names of what was called, and with `hasContent` with what. */
export function namedCalls(calls: readonly ToolCall[], hasContent: boolean): object[] | undefined {
  if (calls.length === 0) return undefined;
  return hasContent ? [...calls] : calls.map(({ name, id }) => ({ name, id }));
}

function toolCall(call: Fields): ToolCall {
  // Those with a text instead of JSON are called custom.
  const called = fieldsOf(call['function'] ?? call['custom']);
  const text = textOf(called['arguments']) ?? textOf(called['input']) ?? '';
  return { id: textOf(call['id']) ?? '', name: textOf(called['name']) ?? '', arguments: text };
}

function wholeChoice({ message, finish_reason: reason }: Fields): Choice & { message: unknown } {
  const calls = listOf(fieldsOf(message)['tool_calls']).map(toolCall);
  return { text: '', finishReason: textOf(reason), toolCalls: new Map(calls.entries()), message };
}

function told(
  whole: Fields,
  choices: readonly Choice[],
  messages: () => unknown[],
  hasContent: boolean,
): AttributesInput {
  return {
    [ATTRIBUTES.responseModel]: textOf(whole['model']),
    [ATTRIBUTES.responseId]: textOf(whole['id']),
    [ATTRIBUTES.finishReasons]: textsOf(choices.map(({ finishReason }) => finishReason)),
    ...usage(whole['usage']),
    [ATTRIBUTES.toolCalls]: namedCalls(
      choices.flatMap(({ toolCalls }) => [...toolCalls.values()]),
      hasContent,
    ),
    [ATTRIBUTES.outputMessages]: hasContent ? messages() : undefined,
  };
}

function addPiece(choice: Choice, piece: Fields): void {
  const { id, name, arguments: text } = toolCall(piece);
  const call = choice.toolCalls.get(piece['index']);
  if (call === undefined) choice.toolCalls.set(piece['index'], { id, name, arguments: text });
  else {
    call.name += name;
    call.arguments += text;
  }
}

/** `POST /chat/completions`. @see https://platform.openai.com/docs/api-reference/chat */
export const chat: Operation = {
  request,
  answer(data, hasContent) {
    const whole = fieldsOf(data);
    const choices = listOf(whole['choices']).map(wholeChoice);
    return { attributes: told(whole, choices, () => choices.map(({ message }) => message), hasContent) };
  },
  stream(hasContent) {
    const choices = new Map<unknown, Choice>();
    let whole: Fields = {};

    return {
      read(chunk) {
        const { choices: pieces, ...about } = fieldsOf(chunk);
        // Only the last chunk has the usage, and only the first ones of some servers have nothing else.
        whole = { ...whole, ...about, usage: about['usage'] ?? whole['usage'] };
        const given = listOf(pieces);
        for (const { index, delta, finish_reason: reason } of given) {
          let choice = choices.get(index);
          if (choice === undefined) {
            choice = { text: '', finishReason: undefined, toolCalls: new Map() };
            choices.set(index, choice);
          }
          choice.finishReason ??= textOf(reason);
          const { content, tool_calls: calls } = fieldsOf(delta);
          if (hasContent) choice.text += textOf(content) ?? '';
          for (const piece of listOf(calls)) addPiece(choice, piece);
        }
        return given.length > 0;
      },
      answer() {
        const all = [...choices.values()];
        const messages = (): unknown[] => all.map(({ text }) => ({ role: 'assistant', content: text }));
        return { attributes: told(whole, all, messages, hasContent) };
      },
    };
  },
};
