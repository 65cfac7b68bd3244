import type { ContentOptions } from '../shared/options';
import { trackClient } from '../shared/track-client';
import { messages } from './messages';

export { IntegrationError, type IntegrationErrorCode } from '../errors';

/** What every client of the package `@anthropic-ai/sdk` has, and those for Bedrock and Vertex, too. */
export interface AnthropicClient {
  readonly baseURL: string;
  readonly messages: object;
}

export interface AnthropicOptions extends ContentOptions {
  /** `gen_ai.provider.name`, for a server of another provider. @default 'anthropic' */
  provider?: string | undefined;
}

/** Older versions of the package mark the beta in the path. */
const MESSAGES = /^\/v1\/messages(?:\?|$)/;

/**
 * Records each call of a model by this client, and by those that its `withOptions` makes, as a checkpoint `llm_thinking` of
 * the current flow. What the client is asked, and what it answers, stays as it is.
 *
 * @returns the client itself
 * @throws {IntegrationError} `invalid_client`
 */
export function trackAnthropic<Client extends AnthropicClient>(client: Client, options: AnthropicOptions = {}): Client {
  return trackClient(client, {
    package: '@anthropic-ai/sdk',
    name: options.provider ?? 'anthropic',
    hasContent: options.content === true,
    operation: (path) => (MESSAGES.test(path) ? messages : undefined),
  });
}
