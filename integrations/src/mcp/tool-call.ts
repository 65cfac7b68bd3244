import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { AttributesInput } from '@flow-tracking/express';
import { IntegrationError } from '../errors';
import { fieldsOf, listOf, textOf } from '../shared/fields';
import type { ModelCall } from '../shared/model-call';

export const METHOD = 'tools/call';
export const TRACKED = Symbol.for('@flow-tracking/integrations tracked');

/** What is known of a call beside what it asks, each undefined where its side does not know it. */
export interface CallContext {
  /** The name that the server gives itself. */
  readonly server: unknown;
  /** The version of MCP that both sides speak. */
  readonly protocolVersion: unknown;
  readonly requestId?: unknown;
}

/** @param params of a request `tools/call` */
export function callAttributes(params: unknown, context: CallContext, hasContent: boolean): AttributesInput {
  const { name, arguments: given } = fieldsOf(params);
  const { requestId } = context;
  return {
    [ATTRIBUTES.mcpMethod]: METHOD,
    [ATTRIBUTES.mcpServer]: textOf(context.server),
    [ATTRIBUTES.mcpProtocolVersion]: textOf(context.protocolVersion),
    [ATTRIBUTES.jsonrpcRequestId]: typeof requestId === 'number' ? String(requestId) : textOf(requestId),
    [ATTRIBUTES.toolName]: textOf(name),
    [ATTRIBUTES.toolArguments]: hasContent ? given : undefined,
  };
}

/** What stands for a result that says that it is an error. Its text is content like that of any other result. */
function toolError(result: unknown, hasContent: boolean): object {
  const texts = listOf(fieldsOf(result)['content']).flatMap(({ text }) => textOf(text) ?? []);
  return { code: 'tool_error', message: hasContent ? texts.join('\n') : '' };
}

/**
 * Ends a call that has a result.
 *
 * @param thrown by the tool, where that is known: the result has only its message
 * @returns the error, wrapped, if it has failed
 */
export function endCall(
  call: ModelCall,
  result: unknown,
  hasContent: boolean,
  thrown?: { readonly error: unknown },
): { readonly error: unknown } | undefined {
  const attributes = hasContent ? { [ATTRIBUTES.toolResult]: fieldsOf(result)['content'] } : {};
  if (fieldsOf(result)['isError'] !== true) {
    call.end(attributes);
    return undefined;
  }
  const failure = thrown ?? { error: toolError(result, hasContent) };
  call.fail(failure.error, attributes);
  return failure;
}

/** @throws {IntegrationError} `invalid_client` */
export function refuse(what: string, given: unknown, member: string): never {
  const got = given === null ? 'null' : typeof given;
  throw new IntegrationError(
    'invalid_client',
    `Expected ${what} of the package @modelcontextprotocol/sdk; got ${got} without ${member}`,
  );
}
