import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { Request } from 'express';
import type { AttributesInput } from '../flow/api';

/** As it was requested: Express and Connect keep that, below plain `http` nothing has changed it. */
const urlOf = (req: { originalUrl?: string; url: string }): string => req.originalUrl ?? req.url;

/** The URL's path without its query, which may hold what must not be recorded. */
export function pathOf(req: Request): string {
  const url = urlOf(req);
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** Of text and parameters only: such a pattern has as many segments as the path that it matches. */
const PLAIN_PATTERN = /^\/$|^(?:\/:?[\w.~-]+)+$/;

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;

/** As many as {@link segmentsOf} the URL's path has, without making them. */
function countSegments(url: string): number {
  let count = 0;
  let isInside = false;
  for (let i = 0; i < url.length; i++) {
    const code = url.charCodeAt(i);
    if (code === QUESTION_MARK) break;
    if (code === SLASH) isInside = false;
    else if (!isInside) {
      isInside = true;
      count += 1;
    }
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
  /** As it was given; of several patterns, or of a regular expression, it is their text. */
  readonly pattern: string;
  /** Undefined when a path that matches may have another number of segments. */
  readonly segments: readonly string[] | undefined;
  /** By method and mount path. */
  readonly texts: Map<string, RouteTexts>;
}

/** Mount paths may hold ids (`/users/7`), and those must not fill the memory. */
const MAX_TEXTS_PER_ROUTE = 1000;

function describeRoute(path: unknown): Route {
  const pattern = String(path);
  const isPlain = typeof path === 'string' && PLAIN_PATTERN.test(path);
  return { pattern, segments: isPlain ? segmentsOf(path) : undefined, texts: new Map() };
}

/**
 * Where the route's router is mounted, as it was requested. Express takes that back when an error leaves the router; it
 * is then found again as what the requested path has before the part that the pattern matched.
 */
function mountOf(req: Request, { segments }: Route): string {
  // Express takes it away with the last handler.
  const baseUrl = (req.baseUrl as string | undefined) ?? '';
  if (segments === undefined) return baseUrl;
  const mountLength = countSegments(urlOf(req)) - segments.length;
  if (mountLength <= countSegments(baseUrl)) return baseUrl;
  const asked = segmentsOf(pathOf(req));
  // A rewritten URL need not end as it was requested.
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
