import type { ToolCall } from './tools';

/** Tokens that an answer took. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** An answer under way. */
export interface Reply {
  /** The text as it comes. Tools run while it is read; what they throw, it throws. */
  readonly chunks: AsyncIterable<string>;
  /** Known when `chunks` has ended. */
  usage(): Usage;
}

/** Answers a message, calling tools as it needs them. */
export interface ChatModel {
  readonly name: string;
  reply(message: string, context: ReplyContext): Reply;
}

export interface ReplyContext {
  readonly runTool: (call: ToolCall) => Promise<string>;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}
