import { EventEmitter } from 'node:events';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorRequestHandler, Request } from 'express';
import { currentParent, type Flow, noopFlow } from '../flow/api';
import { ask, createHttpOrigin } from './http-origin';
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
  const origin = createHttpOrigin(resolved, tracker);

  const handler = (incoming: IncomingMessage, res: ServerResponse, next: () => void = nothing): void => {
    // With plain `http` it has less. What is read here either exists there or is checked first.
    const req = incoming as Request;
    // Mounted twice (an app within an app): the outer one records the request.
    if ((req.flow as Flow | undefined) !== undefined) {
      next();
      return;
    }
    if (!tracker.enabled || ask(resolved.ignore, req) === true || isUpgrade(req, res)) {
      req.flow = noopFlow;
      next();
      return;
    }
    const flow = tracker.beginRequest(origin, req);
    req.flow = flow;
    const hadConnection = res.socket !== null;
    // `close` comes after `finish`, too, and comes alone when the connection is lost.
    const onClose = (): void => {
      const isDone = isComplete(req, res, hadConnection);
      flow.close(isDone || res.headersSent ? res.statusCode : undefined, isDone);
      tracker.endRequest(flow);
    };
    res.on('close', onClose);
    if (!hadConnection) onConnectionLost(req, res, onClose);
    // The client may have left while an earlier middleware was at work. Then `close` was emitted before.
    if (res.destroyed && res.closed) onClose();
    currentParent.run(flow, next);
  };

  // Tracers name a middleware by its function.
  Object.defineProperty(handler, 'name', { value: 'flowTracking' });
  const { startFlow, flush, close, stats } = tracker;
  return Object.assign(handler, { startFlow, flush, close, stats });
}

/**
 * Whether it is the handshake of a WebSocket, for which socket.io makes something like a response. Such a flow would run as long
 * as the connection. Each message is worth a flow instead.
 */
function isUpgrade(req: IncomingMessage, res: ServerResponse): boolean {
  return (req as { upgrade?: boolean | null }).upgrade === true && !(res instanceof ServerResponse);
}

/** What to call when a connection is lost. One listener calls all, because Node warns of more than ten. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `lost` when the connection is lost before the response has closed. It serves a response that waits behind others on its
 * connection (pipelining). Such a response has no socket yet, and Node emits nothing on it when the connection closes.
 */
export function onConnectionLost(req: IncomingMessage, res: ServerResponse, lost: () => void): void {
  const { socket } = req;
  // Requests that a test or an adapter made may have no connection.
  if (!(socket instanceof EventEmitter)) return;
  if (socket.closed) {
    lost();
    return;
  }
  const calls = waiting.get(socket) ?? new Set();
  if (!waiting.has(socket)) {
    waiting.set(socket, calls);
    socket.once('close', () => calls.forEach((call) => call()));
  }
  calls.add(lost);
  res.once('close', () => calls.delete(lost));
}

/**
 * Whether the connection was lost before the response had finished. Node tells the request first. A handler may end the response
 * after that, and it counts as finished although it reached nobody. A client that has only half-closed its connection still
 * gets its answer; one that did so in the middle of its request has left.
 */
function isBroken(req: IncomingMessage): boolean {
  const mayBe = (req.socket as Socket | null)?.destroyed === true || !req.complete;
  return mayBe && Boolean(req.errored);
}

/**
 * Whether the whole response was handed to its connection. Node takes the connection from it only then.
 *
 * @param hadConnection when the request came; a response that waits behind others has none at first
 */
function isComplete(req: IncomingMessage, res: ServerResponse, hadConnection: boolean): boolean {
  return (res.writableFinished || (hadConnection && res.socket === null)) && !isBroken(req);
}

/** Whether an error says that the client is at fault (`http-errors`, body parsers). */
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
      // A lost connection makes body parsers fail.
      if (!isClientError(error) && !isBroken(req)) (req.flow as Flow | undefined)?.fail(error);
    } catch {
      // A getter of the error threw.
    }
    next(error);
  };
}
