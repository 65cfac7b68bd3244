import type { RequestHandler, Response } from 'express';
import type { Logger } from '../platform/logger';

/** A request that was answered, or whose caller left. */
export interface ServedRequest {
  method: string;
  /** The route's pattern, never the path itself: ids are no labels. */
  route: string;
  /** Undefined: the caller left before the answer was sent. */
  status: number | undefined;
  durationMs: number;
}

/** Remembers the pattern of the path that took a request. */
export function setRoute(res: Response, route: string): void {
  res.locals['route'] = route;
}

/** Of what no endpoint took, or was refused before: `unknown`. */
function routeOf(res: Response): string {
  const route: unknown = res.locals['route'];
  return typeof route === 'string' ? route : 'unknown';
}

/** Tells of every request once it is over, and logs it at debug. */
export function observeRequests(onRequest: (request: ServedRequest) => void, logger: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const { method, path } = req;
      const status = res.writableFinished ? res.statusCode : undefined;
      const durationMs = performance.now() - startedAt;
      onRequest({ method, route: routeOf(res), status, durationMs });
      logger.debug({ method, path, status: status ?? 'aborted', durationMs }, 'Request');
    });
    next();
  };
}
