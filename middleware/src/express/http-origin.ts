import { createRequire } from 'node:module';
import { types } from 'node:util';
import type { Request } from 'express';
import { cleanId, createNameText } from '../encode/text';
import type { FlowOrigin } from '../flow/flow-writer';
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

/** Calls a function of the application, whose faults are not the request's. */
export function ask(fn: ((req: Request) => unknown) | undefined, req: Request): unknown {
  if (fn === undefined) return undefined;
  try {
    const answer = fn(req);
    // An async function is none that can be used here, and its rejection would end the process.
    if (types.isPromise(answer)) answer.catch(() => undefined);
    return answer;
  } catch {
    return undefined;
  }
}

/** The part of `@opentelemetry/api` that is used here. */
interface OtelApi {
  readonly trace: {
    getActiveSpan(): { spanContext(): { readonly traceId: string } } | undefined;
  };
  isValidTraceId(traceId: string): boolean;
}

/**
 * Returns a function that gives the active span's trace id. The application has `@opentelemetry/api` if it traces at all;
 * where it is missing that is told once, and the function gives nothing.
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
 * @param share of the flows, 0 to 1, or a boolean; anything else is taken for 1, since losing flows silently is worse
 * @param random uniform in [0, 1)
 */
export function isSampled(share: unknown, random: () => number = Math.random): boolean {
  if (typeof share === 'boolean') return share;
  return typeof share !== 'number' || share >= 1 || !(random() >= share);
}

/** What the origins of all requests share. */
interface Shared {
  readonly options: ResolvedOptions;
  readonly tracker: Tracker;
  readonly nameText: (name: unknown) => string;
  readonly routeTexts: (req: Request) => RouteTexts | undefined;
}

class HttpOrigin implements FlowOrigin {
  private texts: RouteTexts | undefined;

  constructor(
    private readonly shared: Shared,
    private readonly req: Request,
  ) {}

  nameText(): string {
    const { options, nameText } = this.shared;
    const given = ask(options.name, this.req);
    if (typeof given === 'string' && given !== '') return nameText(given);
    return this.routeTexts()?.nameText ?? nameText(`${this.req.method} ${pathOf(this.req)}`);
  }

  userId(): unknown {
    return ask(this.shared.options.userId, this.req);
  }

  sessionId(): unknown {
    return ask(this.shared.options.sessionId, this.req);
  }

  optionalText(): string {
    const routeText = this.routeTexts()?.attributesText ?? '';
    const traceId = this.traceId() ?? traceIdOf(this.req.headers['traceparent']);
    return traceId === undefined ? routeText : this.shared.tracker.optionalText(undefined, traceId, '') + routeText;
  }

  private traceId(): unknown {
    const { options, tracker } = this.shared;
    if (options.traceId === undefined) return undefined;
    const traceId = options.traceId === 'otel' ? tracker.activeTraceId() : ask(options.traceId, this.req);
    return cleanId(traceId);
  }

  private routeTexts(): RouteTexts | undefined {
    return (this.texts ??= this.shared.routeTexts(this.req));
  }

  isSampled(): boolean {
    const { sample } = this.shared.options;
    return isSampled(typeof sample === 'function' ? ask(sample, this.req) : sample);
  }
}

/** Returns a function that says, for a request, what its flow's start is to tell. */
export function createHttpOrigins(options: ResolvedOptions, tracker: Tracker): (req: Request) => FlowOrigin {
  const nameText = createNameText('flow');
  const routeTexts = createRouteTexts((method, route, attributes) => ({
    nameText: nameText(`${method} ${route}`),
    attributesText: tracker.optionalText(attributes, undefined, `${method} ${route}`),
  }));
  const shared: Shared = { options, tracker, nameText, routeTexts };
  return (req) => new HttpOrigin(shared, req);
}
