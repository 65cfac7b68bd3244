import { currentFlow } from '../shared/current-flow';
import { fieldsOf } from '../shared/fields';
import { beginToolCall } from '../shared/model-call';
import type { ContentOptions } from '../shared/options';
import { quietly } from '../shared/quietly';
import { failOrAbort } from '../shared/stopped';
import { callAttributes, endCall, refuse, TRACKED } from './tool-call';

/** What every `Client` of MCP has. */
export interface TrackableMcpClient {
  callTool(params: never, resultSchema?: never, options?: never): Promise<object>;
  getServerVersion(): { name: string } | undefined;
  readonly transport?: object | undefined;
}

type CallTool = (params: unknown, resultSchema?: unknown, options?: unknown) => Promise<object>;

/**
 * Records each call of a tool by this client as a checkpoint `tool_call` of the current flow. What the server is asked, and what
 * it answers, stays as it is.
 *
 * @returns the client itself
 * @throws {IntegrationError} `invalid_client`
 */
export function trackMcpClient<Client extends TrackableMcpClient>(
  client: Client,
  options: ContentOptions = {},
): Client {
  if (typeof fieldsOf(client)['callTool'] !== 'function') refuse('a client', client, 'the method callTool');
  if (TRACKED in client) return client;
  const hasContent = options.content === true;
  const callTool = client.callTool.bind(client) as CallTool;

  const tracked: CallTool = async (params, resultSchema, callOptions) => {
    const flow = currentFlow();
    if (flow === undefined) return callTool(params, resultSchema, callOptions);
    const server = quietly(() => client.getServerVersion()?.name);
    const protocolVersion = quietly(() => fieldsOf(client.transport)['protocolVersion']);
    const call = beginToolCall(
      flow,
      quietly(() => callAttributes(params, { server, protocolVersion }, hasContent)) ?? {},
    );
    try {
      const result = await call.within(() => callTool(params, resultSchema, callOptions));
      endCall(call, result, hasContent);
      return result;
    } catch (error) {
      const { signal } = fieldsOf(callOptions);
      failOrAbort(call, error, signal instanceof AbortSignal ? signal : undefined);
      throw error;
    }
  };

  return Object.defineProperties(client, {
    [TRACKED]: { value: true },
    callTool: { value: tracked, configurable: true, writable: true },
  });
}
