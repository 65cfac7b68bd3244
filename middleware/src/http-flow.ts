import { types } from 'node:util';
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

/** The URL's path without its query, which may hold what must not be recorded. */
function pathOf(req: Request): string {
  const [path = '/'] = req.originalUrl.split('?', 1);
  return path;
}

/** Of text and parameters only: such a pattern has as many segments as the path that it matches. */
const PLAIN_PATTERN = /^\/$|^(?:\/:?[\w.~-]+)+$/;

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/**
 * Where the route's router is mounted, as it was requested. Express takes that back when an error leaves the router; it
 * is then found again as what the requested path has before the part that the pattern matched.
 */
function mountOf(req: Request, pattern: string): string {
  const { baseUrl } = req;
  if (!PLAIN_PATTERN.test(pattern)) return baseUrl;
  const asked = segmentsOf(pathOf(req));
  const own = segmentsOf(pattern);
  const mount = asked.slice(0, Math.max(asked.length - own.length, 0));
  if (mount.length <= segmentsOf(baseUrl).length) return baseUrl;
  // A rewritten URL need not end as it was requested.
  const isAsAsked = own.every((segment, i) => segment.startsWith(':') || segment === asked[mount.length + i]);
  return isAsAsked ? `/${mount.join('/')}` : baseUrl;
}

/**
 * The pattern of the route that handles the request (`/ask/:id`), or undefined before Express has found it. Of a route
 * with several patterns, or of a regular expression, it is their text.
 */
export function routeOf(req: Request): string | undefined {
  const route = req.route as { path?: unknown } | undefined;
  if (route === undefined) return undefined;
  const { path } = route;
  if (typeof path !== 'string') return req.baseUrl + String(path);
  const mount = mountOf(req, path);
  return mount + (path === '/' && mount !== '' ? '' : path);
}

/** Calls a function of the application, whose faults are not the request's. */
export function ask(fn: ((req: Request) => unknown) | undefined, req: Request): unknown {
  try {
    const answer = fn?.(req);
    // An async function is none that can be used here, and its rejection would end the process.
    if (types.isPromise(answer)) answer.catch(() => undefined);
    return answer;
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
