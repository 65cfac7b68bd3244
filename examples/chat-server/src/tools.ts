import { ChatError } from './errors';
import { pause } from './pause';

/** What the model asks for: which tool, and what to look up. */
export interface ToolCall {
  readonly name: string;
  readonly query: string;
}

/** The tools the model is offered, by name: what they are for, and how long they take, in ms. */
export const TOOLS: Readonly<Record<string, { readonly description: string; readonly takesMs: number }>> = {
  search_docs: { description: 'Search the product documentation', takesMs: 900 },
  get_order_status: { description: 'Look up the status of an order', takesMs: 500 },
};

const SLOW_MS = 8_000;

/**
 * Runs a tool. A query with the word "fail" fails, one with "slow" takes about 8 s.
 *
 * @throws {ChatError} `tool_failed`
 */
export async function runTool({ name, query }: ToolCall, signal: AbortSignal): Promise<string> {
  const tool = TOOLS[name];
  if (tool === undefined) throw new ChatError('tool_failed', 502, `There is no tool ${JSON.stringify(name)}`);
  await pause(/\bslow/i.test(query) ? SLOW_MS : tool.takesMs, signal);
  if (/\bfail/i.test(query)) throw new ChatError('tool_failed', 502, `${name} did not answer: connection reset`);
  return `3 results for ${JSON.stringify(query.slice(0, 80))}`;
}
