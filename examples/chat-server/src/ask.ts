import { ATTRIBUTES } from '@flow-tracking/express';
import type { RequestHandler, Response } from 'express';
import { authenticate, isBlocked, tokensLeft } from './accounts';
import { ChatError, toErrorBody } from './errors';
import { beginEvents, sendEvent } from './event-stream';
import type { ChatModel, Usage } from './model';
import { runTool } from './tools';

const MAX_MESSAGE = 4_000;

/** @throws {ChatError} `invalid_message` */
function messageOf(body: unknown): string {
  const message = (body as { message?: unknown } | undefined)?.message;
  if (typeof message !== 'string' || message.trim() === '' || message.length > MAX_MESSAGE) {
    throw new ChatError('invalid_message', 400, `Send {"message": "…"} with 1 to ${MAX_MESSAGE} characters, as JSON`);
  }
  return message;
}

/** `POST /api/v1/ask/stream`: checks the caller, then streams the model's answer as server-sent events. */
export function createAskHandler(model: ChatModel): RequestHandler {
  return async (req, res) => {
    const { flow } = req;
    const userId = await flow.run('auth_check', () => authenticate(req.headers.authorization));
    flow.identify({ userId, sessionId: req.get('x-session-id') });
    const message = messageOf(req.body);

    if (await isBlocked(userId)) {
      flow.checkpoint('block_check', { status: 'failed', reason: 'blocked by support' });
      throw new ChatError('user_blocked', 403, `User ${userId} is blocked`);
    }
    flow.checkpoint('block_check', { status: 'passed' });

    const tokens = await tokensLeft(userId);
    flow.checkpoint('usage_check', { status: tokens > 0 ? 'passed' : 'failed', tokens_left: tokens });
    if (tokens === 0) throw new ChatError('quota_used_up', 429, 'No tokens are left today');

    beginEvents(res);
    let usage: Usage;
    try {
      usage = await flow.run('llm_thinking', { [ATTRIBUTES.requestModel]: model.name }, async (llm) => {
        const reply = model.reply(message, {
          signal: flow.signal,
          runTool: (call) =>
            llm.run('tool_call', { [ATTRIBUTES.toolName]: call.name }, () => runTool(call, flow.signal)),
        });
        for await (const text of llm.track(reply.chunks)) sendEvent(res, 'token', { text });
        // Some models end an aborted stream as if it were complete.
        flow.signal.throwIfAborted();
        const used = reply.usage();
        llm.end({ [ATTRIBUTES.inputTokens]: used.inputTokens, [ATTRIBUTES.outputTokens]: used.outputTokens });
        return used;
      });
    } catch (error) {
      // The client left: its flow has ended, and nobody is there to be told.
      if (flow.signal.aborted) return;
      flow.fail(error);
      flow.checkpoint('error', { status: 'failed', message: error instanceof Error ? error.message : String(error) });
      answerFailure(res, error);
      return;
    }
    flow.checkpoint('llm_complete');
    sendEvent(res, 'done', { flow_id: flow.id, input_tokens: usage.inputTokens, output_tokens: usage.outputTokens });
    res.end();
  };
}

/** The headers are out, so the error goes into the stream. */
function answerFailure(res: Response, error: unknown): void {
  const told =
    error instanceof ChatError ? error : new ChatError('internal', 500, 'The answer failed', { cause: error });
  sendEvent(res, 'error', toErrorBody(told));
  res.end();
}
