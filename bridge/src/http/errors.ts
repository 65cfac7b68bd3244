import type { HttpError } from '@flow-tracking/protocol';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { BridgeError, messageOf } from '../errors';
import type { Logger } from '../platform/logger';

/** The one shape of an error answer. */
export function toHttpError(error: BridgeError): HttpError {
  const { code, message, details } = error;
  return { error: { code, message, ...(details !== undefined && { details }) } };
}

/** Answers every path that no route took. */
export const refuseUnknownPath: RequestHandler = (req) => {
  throw new BridgeError('not_found', 404, `No such endpoint: ${req.method} ${req.path}`);
};

/** SQLSTATE query_canceled: the statement timeout, since nobody else cancels. */
const QUERY_CANCELED = '57014';

/** What Express, Node or Postgres threw, as an error that the caller can read. */
export function toBridgeError(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  // Express's own refusals (a malformed % in the path) carry the status they want.
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new BridgeError('invalid_request', status, messageOf(error), { cause: error });
  }
  if ((error as { code?: unknown } | null)?.code === QUERY_CANCELED) {
    return new BridgeError('query_timed_out', 503, 'The query took too long; ask for a shorter time, by from and to', {
      cause: error,
    });
  }
  if (isConnectionError(error)) {
    return new BridgeError('postgres_unavailable', 503, 'History can not be reached now; try again soon', {
      cause: error,
    });
  }
  return new BridgeError('internal', 500, 'Something went wrong here; the log of the bridge has it', { cause: error });
}

/** Node's connection errors, SQLSTATE classes 08, 53 and 57, a replica's conflict with recovery, and the pool's own time-out. */
function isConnectionError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return /^(E[A-Z]+|08...|57...|53...|40001)$/.test(code);
  return /connection|timeout/i.test(messageOf(error)) && !(error instanceof TypeError);
}

export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    const known = toBridgeError(error);
    if (known.httpStatus >= 500)
      logger.error({ err: error as unknown, method: req.method, path: req.path }, known.message);
    if (res.headersSent) {
      next(error);
      return;
    }
    if (known.retryAfterS !== undefined) res.set('Retry-After', String(known.retryAfterS));
    res.status(known.httpStatus).json(toHttpError(known));
  };
}
