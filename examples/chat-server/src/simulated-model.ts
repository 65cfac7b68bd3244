import type { ChatModel, ReplyContext, Usage } from './model';
import { pause } from './pause';
import type { ToolCall } from './tools';

const FIRST_THOUGHT_MS = 700;
const SECOND_THOUGHT_MS = 400;
const BETWEEN_TOKENS_MS = 45;

const ANSWERS = [
  'Here is what I found. Your plan renews on the first of the month, and you can change it until the evening before.',
  'Good question! The short answer is yes: open the settings, choose the workspace, and switch the feature on there.',
  'I looked that up for you. The order left the warehouse this morning and should be with you in two working days.',
  'There are two ways to do it. The simple one is the import button; for large files, the command line is faster.',
];

/** Rough, as tokenizers go: about four characters each. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);

function toolCallsFor(message: string): ToolCall[] {
  const search: ToolCall = { name: 'search_docs', query: message };
  return /\border\b/i.test(message) ? [{ name: 'get_order_status', query: message }, search] : [search];
}

/** A model without a model: thinks, calls tools one after another, and streams a canned answer at a human pace. */
export const simulatedModel: ChatModel = {
  name: 'simulated-1',
  reply(message, context) {
    let usage: Usage = { inputTokens: tokensOf(message) + 320, outputTokens: 0 };
    return {
      chunks: answer(message, context, () => {
        usage = { ...usage, outputTokens: usage.outputTokens + 1 };
      }),
      usage: () => usage,
    };
  },
};

async function* answer(
  message: string,
  { runTool, signal }: ReplyContext,
  countToken: () => void,
): AsyncGenerator<string, void, undefined> {
  await pause(FIRST_THOUGHT_MS, signal);
  for (const call of toolCallsFor(message)) await runTool(call);
  await pause(SECOND_THOUGHT_MS, signal);
  const text = ANSWERS[Math.floor(Math.random() * ANSWERS.length)] ?? '';
  for (const word of text.split(/(?<= )/)) {
    await pause(BETWEEN_TOKENS_MS, signal);
    countToken();
    yield word;
  }
}
