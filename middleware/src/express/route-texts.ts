import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { Request } from 'express';
import type { AttributesInput } from '../flow/api';

/** The requested path without its query, which may hold what must not be recorded. Below plain `http` there is only `url`. */
export function pathOf(req: { originalUrl?: string; url: string }): string {
  const url = req.originalUrl ?? req.url;
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** A pattern of text and parameters only. It has as many segments as any path that it matches. */
const PLAIN_PATTERN = /^\/$|^(?:\/:?[\w.~-]+)+$/;

const segmentsOf = (path: string): readonly string[] => path.match(/[^/]+/g) ?? [];

const SLASH = 0x2f;

/** How many {@link segmentsOf} finds. Each request needs the number, and few need the segments. */
function countSegments(path: string): number {
  let count = 0;
  let isAfterSlash = true;
  for (let i = 0; i < path.length; i++) {
    const isSlash = path.charCodeAt(i) === SLASH;
    if (isAfterSlash && !isSlash) count += 1;
    isAfterSlash = isSlash;
  }
  return count;
}

/** A flow's name and its attributes, `,"attributes":{…}`, as JSON text. */
export interface RouteTexts {
  readonly nameText: string;
  readonly attributesText: string;
}

/** What is known of a route after its first request. */
interface Route {
  /** As it was given. Several patterns, or a regular expression, are written as text. */
  readonly pattern: string;
  /** Undefined: a path that matches may have another number of segments. */
  readonly segments: readonly string[] | undefined;
  /** By method and mount path. */
  readonly texts: Map<string, RouteTexts>;
}

/** Mount paths may hold ids (`/users/7`), which must not fill the memory. */
const MAX_TEXTS_PER_ROUTE = 1000;

function describeRoute(path: unknown): Route {
  const pattern = String(path);
  const isPlain = typeof path === 'string' && PLAIN_PATTERN.test(path);
  return { pattern, segments: isPlain ? segmentsOf(path) : undefined, texts: new Map() };
}

/**
 * The path at which the route's router is mounted, as it was requested. Express resets it when an error leaves the router. Then
 * it is the part of the requested path before what the pattern matched.
 */
function mountOf(req: Request, { segments }: Route): string {
  // Express removes it after the last handler.
  const baseUrl = (req.baseUrl as string | undefined) ?? '';
  if (segments === undefined) return baseUrl;
  const path = pathOf(req);
  const mountLength = countSegments(path) - segments.length;
  if (mountLength <= countSegments(baseUrl)) return baseUrl;
  const asked = segmentsOf(path);
  // A rewritten URL may end in another way than it was requested.
  const isAsAsked = segments.every((segment, i) => segment.startsWith(':') || segment === asked[mountLength + i]);
  return isAsAsked ? `/${asked.slice(0, mountLength).join('/')}` : baseUrl;
}

/**
 * Returns a function that gives the texts of the route that handles a request (`POST /ask/:id`), or undefined before
 * Express has found it. Routes are few and requests many, so what was made once is kept.
 *
 * @param make called once for each method, mount path and route
 */
export function createRouteTexts(
  make: (method: string, route: string, attributes: AttributesInput) => RouteTexts,
): (req: Request) => RouteTexts | undefined {
  const routes = new WeakMap<object, Route>();
  return (req) => {
    const found = req.route as { path?: unknown } | undefined;
    if (found === undefined) return undefined;
    let route = routes.get(found);
    if (route === undefined) routes.set(found, (route = describeRoute(found.path)));
    const method = req.method;
    const mount = mountOf(req, route);
    const key = mount === '' ? method : `${method} ${mount}`;
    let texts = route.texts.get(key);
    if (texts === undefined) {
      const name = mount + (route.pattern === '/' && mount !== '' ? '' : route.pattern);
      texts = make(method, name, { [ATTRIBUTES.httpMethod]: method, [ATTRIBUTES.httpRoute]: name });
      if (route.texts.size < MAX_TEXTS_PER_ROUTE) route.texts.set(key, texts);
    }
    return texts;
  };
}
