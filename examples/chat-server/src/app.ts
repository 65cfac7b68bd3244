import { errorHandler, type FlowTracking } from '@flow-tracking/express';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { createAskHandler } from './ask';
import { ChatError, toErrorBody } from './errors';
import type { ChatModel } from './model';

/** The error as the caller is told it. */
function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (type === 'entity.parse.failed') {
    return new ChatError('invalid_json', 400, 'The body is not valid JSON; send {"message": "…"}', { cause: error });
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new ChatError('invalid_message', status, error instanceof Error ? error.message : 'Bad request');
  }
  return new ChatError('internal', 500, 'Something went wrong here; the log has it', { cause: error });
}

const answerError: ErrorRequestHandler = (error, _req, res, next) => {
  const told = toChatError(error);
  if (told.httpStatus >= 500) console.error(error);
  if (res.headersSent) next(error);
  else res.status(told.httpStatus).json(toErrorBody(told));
};

/** The chat server, tracked. */
export function createApp(tracking: FlowTracking, model: ChatModel): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });

  app.use(tracking);
  app.post('/api/v1/ask/stream', express.json({ limit: '32kb' }), createAskHandler(model));
  app.use((req) => {
    throw new ChatError('not_found', 404, `No ${req.method} ${req.path} here; there is POST /api/v1/ask/stream`);
  });
  app.use(errorHandler());
  app.use(answerError);
  return app;
}
