import type { ContentOptions } from '../shared/options';
import { trackClient } from '../shared/track-client';
import { chat } from './chat';
import { embeddings } from './embeddings';
import { responses } from './responses';

export { IntegrationError, type IntegrationErrorCode } from '../errors';

/**
 * What every client of the package `openai` has. Its class has a type for ES modules and another one for CommonJS, of which
 * neither fits the other.
 */
export interface OpenAIClient {
  readonly baseURL: string;
  readonly chat: { readonly completions: object };
  readonly embeddings: object;
}

export interface OpenAIOptions extends ContentOptions {
  /** `gen_ai.provider.name`, for a server of another provider. @default 'openai' */
  provider?: string | undefined;
}

const OPERATIONS = new Map([
  ['/chat/completions', chat],
  ['/responses', responses],
  ['/embeddings', embeddings],
]);

/**
 * Records each call of a model by this client, and by those that its `withOptions` makes, as a checkpoint `llm_thinking` of
 * the current flow. What the client is asked, and what it answers, stays as it is.
 *
 * @returns the client itself
 * @throws {IntegrationError} `invalid_client`
 */
export function trackOpenAI<Client extends OpenAIClient>(client: Client, options: OpenAIOptions = {}): Client {
  return trackClient(client, {
    package: 'openai',
    name: options.provider ?? 'openai',
    hasContent: options.content === true,
    operation: (path) => OPERATIONS.get(path),
  });
}
