import { createRequire } from 'node:module';
import { types } from 'node:util';
import type { Request } from 'express';
import { cleanId, nameText } from '../encode/text';
import type { FlowOrigin } from '../flow/flow-start';
import type { Warn } from '../record/logger';
import type { ResolvedOptions } from './options';
import { createRouteTexts, pathOf, type RouteTexts } from './route-texts';
import type { Tracker } from './tracker';

/** version, trace id, parent id, flags: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;
const NO_TRACE = '0'.repeat(32);

/** The trace id of a `traceparent` header, or undefined when it is no such header. */
export function traceIdOf(header: unknown): string | undefined {
  const traceId = typeof header === 'string' ? TRACEPARENT.exec(header)?.[1] : undefined;
  return traceId === NO_TRACE ? undefined : traceId;
}

/** Calls a function of the application. Its faults must not fail the request. */
export function ask(fn: ((req: Request) => unknown) | undefined, req: Request): unknown {
  if (fn === undefined) return undefined;
  try {
    const answer = fn(req);
    // An async function can't be used here, and its rejection would end the process.
    if (types.isPromise(answer)) answer.catch(() => undefined);
    return answer;
  } catch {
    return undefined;
  }
}

/** The part of `@opentelemetry/api` that is used here. */
interface OtelApi {
  readonly trace: { getActiveSpan(): { spanContext(): { readonly traceId: string } } | undefined };
  isValidTraceId(traceId: string): boolean;
}

/**
 * Returns a function that gives the active span's trace id. An application that traces has `@opentelemetry/api`. If it is
 * missing, a warning says so once, and the function gives nothing.
 *
 * @param load throws when the package is missing
 */
export function createOtelTraceId(
  warn: Warn,
  load: (name: string) => unknown = createRequire(__filename),
): () => string | undefined {
  let api: OtelApi;
  try {
    api = load('@opentelemetry/api') as OtelApi;
  } catch (error) {
    const message = "Option traceId is 'otel', but @opentelemetry/api can't be loaded; install it beside this package";
    warn('otel_missing', message, { error });
    return () => undefined;
  }
  return () => {
    const traceId = api.trace.getActiveSpan()?.spanContext().traceId;
    return traceId !== undefined && api.isValidTraceId(traceId) ? traceId : undefined;
  };
}

/**
 * Decides whether a flow is recorded.
 *
 * @param share of the flows, 0 to 1, or a boolean. Anything else counts as 1, because losing flows silently is worse
 * @param random uniform in [0, 1)
 */
export function isSampled(share: unknown, random: () => number = Math.random): boolean {
  if (typeof share === 'boolean') return share;
  return typeof share !== 'number' || share >= 1 || !(random() >= share);
}

/** Returns the origin of the flows of requests: what a flow's start says. */
export function createHttpOrigin(options: ResolvedOptions, tracker: Tracker): FlowOrigin<Request> {
  const { sample, traceId: askTrace } = options;
  const routeTexts = createRouteTexts((method, route, attributes) => ({
    nameText: nameText(`${method} ${route}`, 'flow'),
    attributesText: tracker.attributesText(attributes, `${method} ${route}`),
  }));

  function nameTextOf(req: Request, texts: RouteTexts | undefined): string {
    const given = ask(options.name, req);
    if (typeof given === 'string' && given !== '') return nameText(given, 'flow');
    return texts?.nameText ?? nameText(`${req.method} ${pathOf(req)}`, 'flow');
  }

  function traceIdOfRequest(req: Request): unknown {
    const given = askTrace === 'otel' ? tracker.activeTraceId() : ask(askTrace, req);
    return cleanId(given) ?? traceIdOf(req.headers['traceparent']);
  }

  return {
    startText(req) {
      const texts = routeTexts(req);
      return tracker.startText(nameTextOf(req, texts), traceIdOfRequest(req), texts?.attributesText ?? '');
    },
    userId: (req) => ask(options.userId, req),
    sessionId: (req) => ask(options.sessionId, req),
    isSampled: (req) => isSampled(typeof sample === 'function' ? ask(sample, req) : sample),
  };
}
