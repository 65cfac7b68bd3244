import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { Request } from 'express';
import type { FlowOrigin } from './flow-writer';
import { createNameText } from './json-text';
import type { ResolvedOptions } from './options';
import type { Tracker } from './tracker';

/** version, trace id, parent id, flags: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;
const NO_TRACE = '0'.repeat(32);

/** The trace id of a `traceparent` header, or undefined when it is no such header. */
export function traceIdOf(header: unknown): string | undefined {
  const traceId = typeof header === 'string' ? TRACEPARENT.exec(header)?.[1] : undefined;
  return traceId === NO_TRACE ? undefined : traceId;
}

/**
 * The pattern of the route that handles the request (`/ask/:id`), or undefined before Express has found it. Of a route
 * with several patterns, or of a regular expression, it is their text.
 */
export function routeOf(req: Request): string | undefined {
  const route = req.route as { path?: unknown } | undefined;
  if (route === undefined) return undefined;
  const { path } = route;
  if (typeof path === 'string') return req.baseUrl + (path === '/' && req.baseUrl !== '' ? '' : path);
  return req.baseUrl + String(path);
}

/** The URL's path without its query, which may hold what must not be recorded. */
function pathOf(req: Request): string {
  const [path = '/'] = req.originalUrl.split('?', 1);
  return path;
}

/** Calls a function of the application, whose faults are not the request's. */
function ask<T>(fn: ((req: Request) => T) | undefined, req: Request): T | undefined {
  try {
    return fn?.(req);
  } catch {
    return undefined;
  }
}

/** Returns a function that says, for a request, what its flow's start is to tell. */
export function createHttpOrigins(options: ResolvedOptions, tracker: Tracker): (req: Request) => FlowOrigin {
  const nameText = createNameText('flow');
  const routeTexts = new Map<string, string>();

  /** Method and route as attributes; they repeat, so their text is kept. */
  function routeText(req: Request, route: string): string {
    const key = `${req.method} ${route}`;
    let text = routeTexts.get(key);
    if (text === undefined) {
      const attributes = { [ATTRIBUTES.httpMethod]: req.method, [ATTRIBUTES.httpRoute]: route };
      text = tracker.optionalText(attributes, undefined, key);
      if (routeTexts.size < 2000) routeTexts.set(key, text);
    }
    return text;
  }

  return (req) => ({
    nameText() {
      const given = ask(options.name, req);
      return nameText(
        typeof given === 'string' && given !== '' ? given : `${req.method} ${routeOf(req) ?? pathOf(req)}`,
      );
    },
    userId: () => ask(options.userId, req),
    sessionId: () => ask(options.sessionId, req),
    optionalText() {
      const traceId = traceIdOf(req.headers['traceparent']);
      const route = routeOf(req);
      return tracker.optionalText(undefined, traceId, '') + (route === undefined ? '' : routeText(req, route));
    },
  });
}
