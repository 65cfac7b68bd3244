import type { Flow, FlowTracking } from '@flow-tracking/express';
import { currentFlow } from '../shared/current-flow';
import { fieldsOf, type Fields, textOf } from '../shared/fields';
import { beginToolCall } from '../shared/model-call';
import type { ContentOptions } from '../shared/options';
import { quietly } from '../shared/quietly';
import { failOrAbort } from '../shared/stopped';
import { callAttributes, type CallContext, endCall, METHOD, refuse, TRACKED } from './tool-call';

export interface McpServerOptions extends ContentOptions {
  /**
   * What `flowTracking()` gave. A call that no request's flow is there for, as over stdio, is then a flow of its own. Without it,
   * such a call is not recorded.
   */
  tracking?: Pick<FlowTracking, 'startFlow'> | undefined;
}

/** What `McpServer` has, and the `Server` within it. */
export interface TrackableMcpServer {
  connect(transport: never): Promise<void>;
}

type Handler = (request: unknown, extra: unknown) => Promise<unknown>;
type Failure = { readonly error: unknown };

/** The errors of tools, by what came with their call. `McpServer` makes results of them, which have only the message. */
type Thrown = WeakMap<object, Failure>;

function keepErrors(server: object, thrown: Thrown): void {
  const { executeToolHandler: execute } = fieldsOf(server);
  if (typeof execute !== 'function') return;
  const run = execute.bind(server) as (tool: unknown, args: unknown, extra: object) => Promise<unknown>;
  Object.defineProperty(server, 'executeToolHandler', {
    value: async (tool: unknown, args: unknown, extra: object) => {
      try {
        return await run(tool, args, extra);
      } catch (error) {
        thrown.set(extra, { error });
        throw error;
      }
    },
    configurable: true,
    writable: true,
  });
}

/** Runs `fn` in the current flow, or in one of its own. @param fn returns the failure of the call */
async function inFlow<T>(
  options: McpServerOptions,
  details: Parameters<FlowTracking['startFlow']>[0],
  signal: AbortSignal | undefined,
  fn: (flow: Flow | undefined, isOwn: boolean) => Promise<T>,
): Promise<T> {
  const current = currentFlow();
  if (current !== undefined) return fn(current, false);
  const own = options.tracking?.startFlow(details);
  if (own === undefined) return fn(undefined, false);
  try {
    return await own.within(() => fn(own, true));
  } finally {
    own.end(signal?.aborted === true ? 'aborted' : undefined);
  }
}

/** @param extra what the SDK gives with a request */
function contextOf(protocol: Fields, extra: unknown): CallContext {
  const { requestId, requestInfo } = fieldsOf(extra);
  return {
    server: fieldsOf(protocol['_serverInfo'])['name'],
    // Over HTTP each request says it.
    protocolVersion: fieldsOf(fieldsOf(requestInfo)['headers'])['mcp-protocol-version'],
    requestId,
  };
}

/**
 * Records each call of a tool of this server as a checkpoint `tool_call` of the request's flow, or of one of its own. What a
 * tool throws is also the error of the flow. What clients ask, and what they get, stays as it is.
 *
 * @param server a `McpServer` or a `Server`, before or after its tools are registered
 * @returns the server itself
 * @throws {IntegrationError} `invalid_client`
 */
export function trackMcpServer<Server extends TrackableMcpServer>(
  server: Server,
  options: McpServerOptions = {},
): Server {
  const protocol = fieldsOf(fieldsOf(server)['server'] ?? server);
  const { _requestHandlers: handlers } = protocol;
  if (!(handlers instanceof Map)) refuse('a server', server, 'handlers of requests');
  if (TRACKED in server) return server;
  const hasContent = options.content === true;
  const thrown: Thrown = new WeakMap();
  keepErrors(server, thrown);

  const track =
    (handle: Handler): Handler =>
    (request, extra) => {
      const { params } = fieldsOf(request);
      const { signal: given, sessionId } = fieldsOf(extra);
      const signal = given instanceof AbortSignal ? given : undefined;
      const name = textOf(fieldsOf(params)['name']) ?? 'unknown';
      const details = { name: `MCP ${METHOD} ${name}`, sessionId: textOf(sessionId) };
      return inFlow(options, details, signal, async (flow, isOwn) => {
        if (flow === undefined) return handle(request, extra);
        const call = beginToolCall(
          flow,
          quietly(() => callAttributes(params, contextOf(protocol, extra), hasContent)) ?? {},
        );
        try {
          const result = await call.within(() => handle(request, extra));
          const error = thrown.get(fieldsOf(extra));
          if (signal?.aborted === true) {
            // Its own flow ends as aborted, and with it what is open.
            if (!isOwn) call.abort();
            return result;
          }
          const failure = endCall(call, result, hasContent, error);
          // A tool that was asked wrongly, and one that says itself that it can not, has not failed its request.
          if (error !== undefined || (isOwn && failure !== undefined)) flow.fail((error ?? failure)?.error);
          return result;
        } catch (error) {
          const isOver = isOwn && signal?.aborted === true;
          if (!isOver) failOrAbort(call, error, signal);
          if (isOwn && !isOver) flow.fail(error);
          throw error;
        }
      });
    };

  const set = handlers.set.bind(handlers) as (method: unknown, handler: Handler) => typeof handlers;
  const present = handlers.get(METHOD) as Handler | undefined;
  if (present !== undefined) set(METHOD, track(present));
  // A server registers its handler with its first tool.
  Object.defineProperty(handlers, 'set', {
    value: (method: unknown, handler: Handler) => set(method, method === METHOD ? track(handler) : handler),
    configurable: true,
    writable: true,
  });
  return Object.defineProperty(server, TRACKED, { value: true });
}
