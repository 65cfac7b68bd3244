import type { Attributes, JsonValue } from '@flow-tracking/protocol';
import { isParent, parseParent } from './attribute-value';
import { messagesOf, partsOf, type ChatPart, type ChatTurn } from './chat-messages';
import { unflatten } from './unflatten';

export type { ChatPart, ChatTurn };

/** What was asked and answered at one node. */
export interface Chat {
  readonly turns: readonly ChatTurn[];
  /** Attributes that the turns were read from. */
  readonly used: ReadonlySet<string>;
}

/** Attributes that hold a prompt or an answer, best first, and who speaks when they do not say it. */
interface Source {
  readonly name: string;
  readonly role: string;
}

const SYSTEM: readonly Source[] = [{ name: 'gen_ai.system_instructions', role: 'system' }];
const PROMPTS: readonly Source[] = [
  { name: 'gen_ai.input.messages', role: 'user' },
  { name: 'llm.input_messages', role: 'user' },
  { name: 'gen_ai.prompt', role: 'prompt' },
  { name: 'messages', role: 'user' },
  { name: 'prompt', role: 'prompt' },
  { name: 'input.value', role: 'input' },
];
const ANSWERS: readonly Source[] = [
  { name: 'gen_ai.output.messages', role: 'assistant' },
  { name: 'llm.output_messages', role: 'assistant' },
  { name: 'gen_ai.completion', role: 'answer' },
  { name: 'completion', role: 'answer' },
  { name: 'answer', role: 'answer' },
  { name: 'output.value', role: 'output' },
];
const KNOWN = new Set([...SYSTEM, ...PROMPTS, ...ANSWERS].map(({ name }) => name));

/** The value of a source: of one attribute, or of those of `name.0.…`; null for none, or for a mere number. */
function valueOf(attributes: Attributes, name: string): { value: JsonValue; names: readonly string[] } | null {
  const own = attributes[name];
  if (isParent(own) || (typeof own === 'string' && own !== '')) return { value: own, names: [name] };
  return unflatten(attributes, name);
}

function turnsOf(value: JsonValue, role: string): readonly ChatTurn[] {
  const parsed = typeof value === 'string' ? parseParent(value) : value;
  const messages = messagesOf(parsed, role);
  if (messages !== null) return messages;
  const parts = partsOf(value);
  return parts.length === 0 ? [] : [{ role, parts }];
}

/** Prompt and answer of a node, when its application recorded them. */
export function readChat(attributes: Attributes): Chat {
  const turns: ChatTurn[] = [];
  const used = new Set<string>();
  const take = (sources: readonly Source[]): void => {
    for (const { name, role } of sources) {
      const found = valueOf(attributes, name);
      const read = found === null ? [] : turnsOf(found.value, role);
      if (found === null || read.length === 0) continue;
      turns.push(...read);
      for (const each of found.names) used.add(each);
      // Others say the same once more; they stay among the attributes.
      return;
    }
  };
  take(SYSTEM);
  take(PROMPTS);
  take(ANSWERS);
  if (turns.length > 0) return { turns, used };
  // An array of messages or events by any other name.
  for (const [name, value] of Object.entries(attributes)) {
    if (KNOWN.has(name)) continue;
    const parsed = typeof value === 'string' ? parseParent(value) : value;
    const messages = Array.isArray(parsed) ? messagesOf(parsed, null) : null;
    if (messages === null || messages.length === 0) continue;
    turns.push(...messages);
    used.add(name);
  }
  return { turns, used };
}
