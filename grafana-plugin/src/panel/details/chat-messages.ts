import type { JsonValue } from '@flow-tracking/protocol';
import { t } from '../../texts/t';
import { isParent, parseParent } from './attribute-value';

/** A piece of what was said. All of it is text or JSON: nothing of the data is ever taken for markup. */
export type ChatPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thought'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly id: string | null; readonly value: JsonValue }
  | { readonly kind: 'result'; readonly id: string | null; readonly value: JsonValue }
  /** A picture, a sound, a file: what it is, in words. */
  | { readonly kind: 'media'; readonly text: string }
  | { readonly kind: 'json'; readonly value: JsonValue };

/** What somebody said. */
export interface ChatTurn {
  /** `user`, `assistant`, `system`, `tool`, … */
  readonly role: string;
  readonly parts: readonly ChatPart[];
}

type Fields = Readonly<Partial<Record<string, JsonValue>>>;

function fieldsOf(value: unknown): Fields | null {
  return isParent(value) && !Array.isArray(value) ? value : null;
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Arguments and results are often JSON in a text. */
function plainOrParsed(value: JsonValue | undefined): JsonValue {
  return (typeof value === 'string' ? parseParent(value) : null) ?? value ?? null;
}

function callOf(value: JsonValue): ChatPart {
  const outer = fieldsOf(value);
  const call = fieldsOf(outer?.['tool_call']) ?? outer;
  const inner = fieldsOf(call?.['function']) ?? call;
  return {
    kind: 'call',
    name: textOf(inner?.['name']) ?? t('details.unnamed-tool'),
    id: textOf(call?.['id']),
    value: plainOrParsed(inner?.['arguments'] ?? inner?.['input'] ?? inner?.['args']),
  };
}

function mediaOf(part: Fields, type: string): ChatPart {
  const what = textOf(part['modality']) ?? type.replace(/^input_|_url$|_data$/g, '');
  const kind = textOf(part['mime_type']);
  const bytes = textOf(part['content']) ?? textOf(part['data']);
  const where = textOf(part['uri']) ?? textOf(part['file_id']);
  const about = [what, kind, where].filter((text) => text !== null).join(' ');
  const text =
    bytes === null
      ? t('details.media', { what: about })
      : t('details.media-with-size', { what: about, count: bytes.length });
  return { kind: 'media', text };
}

const MEDIA = new Set([
  'blob',
  'file',
  'file_data',
  'uri',
  'image',
  'image_url',
  'input_image',
  'input_audio',
  'audio',
]);

/** OpenAI, Anthropic, the semantic conventions and OpenInference each write it their own way. */
function partOf(value: JsonValue): ChatPart {
  if (typeof value === 'string') return { kind: 'text', text: value };
  const outer = fieldsOf(value);
  const part = fieldsOf(outer?.['message_content']) ?? outer;
  const type = textOf(part?.['type']);
  if (part === null || type === null) {
    const text = textOf(part?.['text']) ?? textOf(part?.['content']);
    return text === null ? { kind: 'json', value } : { kind: 'text', text };
  }
  if (type === 'tool_call' || type === 'tool_use' || type === 'function_call') return callOf(part as JsonValue);
  if (type === 'tool_call_response' || type === 'tool_result' || type === 'function_call_output') {
    const answer = part['response'] ?? part['result'] ?? part['content'] ?? part['output'];
    return { kind: 'result', id: textOf(part['id'] ?? part['tool_use_id']), value: plainOrParsed(answer) };
  }
  const text = textOf(part['text']) ?? textOf(part['content']) ?? textOf(part['thinking']);
  if (type === 'reasoning' || type === 'thinking') return { kind: 'thought', text: text ?? '' };
  if (MEDIA.has(type)) return mediaOf(part, type);
  return text === null ? { kind: 'json', value } : { kind: 'text', text };
}

/** What somebody said, from its content alone. */
export function partsOf(content: JsonValue | undefined): ChatPart[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') {
    const parsed = parseParent(content);
    return [parsed === null ? { kind: 'text', text: content } : { kind: 'json', value: parsed }];
  }
  if (!Array.isArray(content))
    return [typeof content === 'object' ? partOf(content) : { kind: 'json', value: content }];
  // Texts or typed parts; any other list is data.
  return content.every(
    (item) =>
      typeof item === 'string' ||
      textOf(fieldsOf(item)?.['type']) !== null ||
      fieldsOf(item)?.['message_content'] !== undefined,
  )
    ? content.map(partOf)
    : [{ kind: 'json', value: content }];
}

/** Roles by the names of the events in which the conventions put messages before they had attributes for them. */
const EVENT_ROLE = /^gen_ai\.(system|user|assistant|tool)\.message$/;

function roleOf(message: Fields, outer: Fields): string | null {
  const event = textOf(outer['name']) ?? textOf(outer['event.name']) ?? textOf(outer['event_name']) ?? '';
  return textOf(message['role']) ?? EVENT_ROLE.exec(event)?.[1] ?? (event === 'gen_ai.choice' ? 'assistant' : null);
}

/** @param role of a message that does not say whose it is; null: then it is no message */
function turnOf(value: JsonValue, role: string | null): ChatTurn | null {
  const outer = fieldsOf(value);
  if (outer === null) return null;
  const body = fieldsOf(outer['body']) ?? fieldsOf(outer['attributes']) ?? outer;
  const message = fieldsOf(body['message']) ?? body;
  const said = roleOf(message, outer) ?? role;
  const content = message['parts'] ?? message['content'] ?? message['contents'];
  const calls = message['tool_calls'];
  if (said === null || (content === undefined && !Array.isArray(calls))) return null;
  const parts = partsOf(content);
  const isResult = said === 'tool' && parts.every(({ kind }) => kind === 'text' || kind === 'json');
  const shown: ChatPart[] = isResult
    ? parts.map((part) => ({
        kind: 'result',
        id: textOf(message['tool_call_id'] ?? message['id']),
        value: part.kind === 'text' ? part.text : part.kind === 'json' ? part.value : null,
      }))
    : parts;
  return { role: said, parts: [...shown, ...(Array.isArray(calls) ? calls.map(callOf) : [])] };
}

/**
 * Messages of a conversation.
 *
 * @param role of those that do not say whose they are; null: then it is none
 * @returns null when the value is anything else
 */
export function messagesOf(value: JsonValue | null, role: string | null): readonly ChatTurn[] | null {
  const object = fieldsOf(value ?? undefined);
  const list: unknown = Array.isArray(value)
    ? value
    : (object?.['messages'] ?? object?.['choices'] ?? (object === null ? null : [object]));
  if (!Array.isArray(list) || list.length === 0) return null;
  const turns: ChatTurn[] = [];
  for (const item of list as JsonValue[]) {
    // Typed parts without messages around them, as system instructions are written.
    if (role !== null && textOf(fieldsOf(item)?.['role']) === null && textOf(fieldsOf(item)?.['type']) !== null)
      return null;
    const turn = turnOf(item, role);
    if (turn === null) return null;
    turns.push(turn);
  }
  return turns;
}
