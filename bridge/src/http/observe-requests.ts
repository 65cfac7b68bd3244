import type { Request, RequestHandler } from 'express';
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

/**
 * The pattern of the route that took the request. Express forgets the part before the router once a handler has
 * failed, so that is taken from the path: as many segments as the route's own pattern leaves over.
 */
function routeOf(req: Request): string {
  const route = (req.route as { path?: unknown } | undefined)?.path;
  if (typeof route !== 'string') return 'unknown';
  const segments = (path: string): string[] => path.split('/').filter((segment) => segment !== '');
  const own = segments(route);
  const path = segments(req.originalUrl.split('?', 1)[0] ?? '');
  // Paths match in any case; as a label each spelling would be a time series of its own.
  const before = path.slice(0, path.length - own.length).map((segment) => segment.toLowerCase());
  return `/${[...before, ...own].join('/')}`;
}

/** Tells of every request once it is over, and logs it at debug. */
export function observeRequests(onRequest: (request: ServedRequest) => void, logger: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const { method, path } = req;
      const status = res.writableFinished ? res.statusCode : undefined;
      const durationMs = performance.now() - startedAt;
      onRequest({ method, route: routeOf(req), status, durationMs });
      logger.debug({ method, path, status: status ?? 'aborted', durationMs }, 'Request');
    });
    next();
  };
}
