import { type IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Request } from 'express';
import { currentParent, type Flow, noopFlow } from '../flow/api';
import type { RecordedFlow } from '../flow/flow';
import { ask, createHttpOrigin } from './http-origin';
import { onConnectionLost } from './open-requests';
import type { FlowTrackingOptions, ResolvedOptions } from './options';
import { resolveOptions } from './resolve-options';
import { createTracker, type FlowDetails, type FlowTrackingStats, type Tracker } from './tracker';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Express' own types are extended
  namespace Express {
    interface Request {
      /** The request's flow. Present below `flowTracking()`; where nothing is recorded its methods do nothing. */
      flow: Flow;
    }
  }
}

/** The middleware, with what the application needs beside it. */
export interface FlowTracking {
  /**
   * Express, Connect and socket.io's `engine.use` call it so. With plain `http`, call it in the server's listener:
   * `tracking(req, res, () => handler(req, res))`. What runs below `next` has the flow as its `currentFlow()`; without
   * `next` the flow is `req.flow` only.
   */
  (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void;

  /** Begins a flow that is no HTTP request (a WebSocket message, a job). The caller ends it. */
  startFlow(details: FlowDetails): Flow;

  /**
   * Resolves when everything recorded so far is in Redis, or after `timeoutMs` (default 3,000). Never rejects.
   *
   * @returns whether all was written in time
   */
  flush(timeoutMs?: number): Promise<boolean>;

  /**
   * Lets the running requests end, writes what is recorded, and closes the connections; all in at most `timeoutMs`
   * (default 3,000), and sooner when Redis can't be reached. A request that runs on is not recorded further. Call it when
   * the server has closed. Nothing is logged once it has resolved. Never rejects; a second call waits for the first.
   */
  close(timeoutMs?: number): Promise<void>;

  /** What was recorded, written, published and dropped so far. */
  stats(): FlowTrackingStats;
}

const nothing = (): void => undefined;

/**
 * Makes the middleware that records each request as a flow. Mount it before the routes. It opens its connections to
 * Redis now, and waits for them neither now nor in a request.
 *
 * @throws {FlowTrackingError} `invalid_option`, `unsupported_client`
 */
export function flowTracking(options?: FlowTrackingOptions): FlowTracking {
  const resolved = resolveOptions(options);
  return createMiddleware(resolved, createTracker(resolved));
}

/** The middleware of that tracker. */
export function createMiddleware(resolved: ResolvedOptions, tracker: Tracker): FlowTracking {
  const { requests } = tracker;
  const origin = createHttpOrigin(resolved, tracker);

  const isIgnored = (req: Request): boolean => !tracker.enabled || ask(resolved.ignore, req) === true;

  const handler = (incoming: IncomingMessage, res: ServerResponse, next: () => void = nothing): void => {
    // Below plain `http` it has less; what is asked of it here is there, or is asked for.
    const req = incoming as Request;
    // Mounted twice (an app within an app): the outer one has the request.
    if ((req.flow as Flow | undefined) !== undefined) {
      next();
      return;
    }
    if (isIgnored(req) || isUpgrade(req, res)) {
      req.flow = noopFlow;
      next();
      return;
    }
    const flow = tracker.createFlow(origin, req);
    req.flow = flow;
    requests.begin(flow);
    const isWaiting = res.socket === null;
    // `close` comes after `finish`, too, and comes alone when the connection is lost.
    const onClose = (): void => {
      endRequest(flow, req, res, isWaiting);
      requests.end(flow);
    };
    res.on('close', onClose);
    if (isWaiting) onConnectionLost(req, res, onClose);
    // The client may have left while what is mounted before was at work: no `close` comes then any more.
    if (res.destroyed && res.closed) {
      flow.close(undefined, false);
      requests.end(flow);
    }
    currentParent.run(flow, next);
  };

  // Tracers name a middleware by its function.
  Object.defineProperty(handler, 'name', { value: 'flowTracking' });
  return Object.assign(handler, {
    startFlow: tracker.startFlow,
    flush: tracker.flush,
    close: tracker.close,
    stats: tracker.stats,
  });
}

/**
 * A WebSocket's handshake, for which socket.io makes something like a response. It would run for as long as the connection
 * stands; what is worth a flow is each of its messages.
 */
function isUpgrade(req: IncomingMessage, res: ServerResponse): boolean {
  return (req as { upgrade?: boolean | null }).upgrade === true && !(res instanceof ServerResponse);
}

function endRequest(flow: RecordedFlow, req: IncomingMessage, res: ServerResponse, wasWaiting: boolean): void {
  const isComplete = (wasWaiting ? res.writableFinished : isFinished(res)) && !isBroken(req);
  flow.close(isComplete || res.headersSent ? res.statusCode : undefined, isComplete);
}

/** Whether all of a response that had its connection was handed to it. Node takes the connection away only then. */
function isFinished(res: ServerResponse): boolean {
  return res.socket === null || res.writableFinished;
}

/**
 * The connection was lost before the response had finished. Node tells the request so first; what a handler then ends
 * the response with is finished, too, and reached nobody. A client that has only half-closed its connection still gets
 * its answer; one that has done so in the middle of its request has left.
 */
function isBroken(req: IncomingMessage): boolean {
  const mayBe = (req.socket as IncomingMessage['socket'] | null)?.destroyed === true || !req.complete;
  return mayBe && Boolean(req.errored);
}

/** An error that says of itself that the client is at fault (`http-errors`, body parsers). */
function isClientError(error: unknown): boolean {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  const code = Number(status ?? statusCode);
  return code >= 400 && code < 500;
}

/**
 * Makes the error handler that gives a flow the error of its request. Mount it after the routes and before the handler
 * that answers; it passes every error on. Errors with a 4xx status leave the flow's status to the response.
 */
export function errorHandler(): ErrorRequestHandler {
  return (error: unknown, req, _res, next) => {
    try {
      // A parser that lost its connection complains of that.
      if (!isClientError(error) && !isBroken(req)) (req.flow as Flow | undefined)?.fail(error);
    } catch {
      // A getter of the error threw.
    }
    next(error);
  };
}
