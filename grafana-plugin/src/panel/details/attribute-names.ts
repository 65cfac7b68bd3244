import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { TextKey } from '../../texts/keys';
import { t } from '../../texts/t';

export const ATTRIBUTE_GROUPS = ['model', 'usage', 'tool', 'agent', 'request', 'other'] as const;
export type AttributeGroup = (typeof ATTRIBUTE_GROUPS)[number];

/** What a number counts; `id` stands for one that is a name and has no thousands. */
export type AttributeUnit = 'ms' | 's' | 'bytes' | 'usd' | 'id';

export interface AttributeName {
  readonly label: string;
  readonly group: AttributeGroup;
  readonly unit?: AttributeUnit;
}

/** Its label, as the texts name it. */
type LabelKey = TextKey extends infer Key ? (Key extends `details.attributes.${infer Name}` ? Name : never) : never;
type Named = readonly [name: string, label: LabelKey, unit?: AttributeUnit];

/**
 * Attributes in words, in the order in which they are shown. Of the conventions for generative AI old names stand beside
 * new ones, since instrumentations of both kinds are in use.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/registry/attributes/gen-ai.md
 * @see https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
 */
const NAMES: Readonly<Record<Exclude<AttributeGroup, 'other'>, readonly Named[]>> = {
  model: [
    [ATTRIBUTES.requestModel, 'model-asked-for'],
    [ATTRIBUTES.responseModel, 'model-that-answered'],
    ['llm.model_name', 'model'],
    ['embedding.model_name', 'embedding-model'],
    ['gen_ai.provider.name', 'provider'],
    ['gen_ai.system', 'provider'],
    ['llm.provider', 'provider'],
    ['llm.system', 'ai-product'],
    ['gen_ai.operation.name', 'operation'],
    ['gen_ai.request.stream', 'streamed'],
    ['gen_ai.request.temperature', 'temperature'],
    ['gen_ai.request.top_p', 'top-p'],
    ['gen_ai.request.top_k', 'top-k'],
    ['gen_ai.request.max_tokens', 'most-tokens-to-write'],
    ['gen_ai.request.choice.count', 'answers-asked-for'],
    ['gen_ai.request.frequency_penalty', 'frequency-penalty'],
    ['gen_ai.request.presence_penalty', 'presence-penalty'],
    ['gen_ai.request.seed', 'seed', 'id'],
    ['gen_ai.request.stop_sequences', 'stop-at'],
    ['gen_ai.request.encoding_formats', 'encoding-formats'],
    ['gen_ai.embeddings.dimension.count', 'dimensions'],
    ['llm.invocation_parameters', 'parameters'],
    ['embedding.invocation_parameters', 'parameters'],
    ['gen_ai.output.type', 'kind-of-answer'],
    ['gen_ai.response.finish_reasons', 'ended-because-of'],
    ['llm.finish_reason', 'ended-because-of'],
    ['gen_ai.response.id', 'id-of-the-answer', 'id'],
    ['gen_ai.request.reasoning.level', 'how-much-to-think'],
    [ATTRIBUTES.toolCalls, 'tools-asked-for'],
    [ATTRIBUTES.aborted, 'stopped-by-the-application'],
    ['server.address', 'model-server'],
    ['server.port', 'port', 'id'],
  ],
  usage: [
    [ATTRIBUTES.inputTokens, 'input-tokens'],
    ['gen_ai.usage.prompt_tokens', 'input-tokens'],
    ['llm.token_count.prompt', 'input-tokens'],
    [ATTRIBUTES.outputTokens, 'output-tokens'],
    ['gen_ai.usage.completion_tokens', 'output-tokens'],
    ['llm.token_count.completion', 'output-tokens'],
    ['gen_ai.usage.total_tokens', 'tokens-in-all'],
    ['llm.token_count.total', 'tokens-in-all'],
    ['llm.usage.total_tokens', 'tokens-in-all'],
    ['gen_ai.usage.cache_read.input_tokens', 'input-tokens-read-from-the-cache'],
    ['gen_ai.usage.cache_read_input_tokens', 'input-tokens-read-from-the-cache'],
    ['llm.token_count.prompt_details.cache_read', 'input-tokens-read-from-the-cache'],
    ['gen_ai.usage.cache_write.input_tokens', 'input-tokens-written-to-the-cache'],
    ['gen_ai.usage.cache_creation.input_tokens', 'input-tokens-written-to-the-cache'],
    ['gen_ai.usage.cache_creation_input_tokens', 'input-tokens-written-to-the-cache'],
    ['llm.token_count.prompt_details.cache_write', 'input-tokens-written-to-the-cache'],
    ['gen_ai.usage.reasoning.output_tokens', 'output-tokens-for-reasoning'],
    ['llm.token_count.completion_details.reasoning', 'output-tokens-for-reasoning'],
    ['gen_ai.token.type', 'kind-of-tokens'],
    ['gen_ai.usage.cost', 'cost', 'usd'],
    ['llm.cost.total', 'cost', 'usd'],
    ['llm.cost.prompt', 'cost-of-the-input', 'usd'],
    ['llm.cost.completion', 'cost-of-the-output', 'usd'],
    ['flow.first_chunk_ms', 'time-to-the-first-chunk', 'ms'],
    ['gen_ai.response.time_to_first_chunk', 'time-to-the-first-chunk', 's'],
    ['flow.chunks', 'chunks'],
    ['flow.bytes', 'size-of-the-stream', 'bytes'],
    ['remaining', 'remaining'],
  ],
  tool: [
    [ATTRIBUTES.toolName, 'tool'],
    ['tool.name', 'tool'],
    ['gen_ai.tool.type', 'kind-of-tool'],
    ['gen_ai.tool.description', 'what-the-tool-does'],
    ['tool.description', 'what-the-tool-does'],
    ['gen_ai.tool.call.id', 'id-of-the-call', 'id'],
    ['tool.id', 'id-of-the-call', 'id'],
    ['tool_call.id', 'id-of-the-call', 'id'],
    ['gen_ai.tool.call.arguments', 'arguments'],
    ['tool_call.function.arguments', 'arguments'],
    ['tool.parameters', 'arguments'],
    ['gen_ai.tool.call.result', 'result'],
    ['gen_ai.tool.definitions', 'tools-on-offer'],
    ['llm.tools', 'tools-on-offer'],
    [ATTRIBUTES.mcpServer, 'mcp-server'],
    [ATTRIBUTES.mcpMethod, 'mcp-method'],
    ['mcp.session.id', 'mcp-session', 'id'],
    ['mcp.request.id', 'mcp-request', 'id'],
    ['mcp.resource.uri', 'mcp-resource'],
  ],
  agent: [
    ['gen_ai.agent.name', 'agent'],
    ['agent.name', 'agent'],
    ['gen_ai.workflow.name', 'workflow'],
    ['gen_ai.agent.id', 'id-of-the-agent', 'id'],
    ['gen_ai.agent.description', 'what-the-agent-does'],
    [ATTRIBUTES.conversationId, 'conversation', 'id'],
    ['gen_ai.prompt.name', 'name-of-the-prompt'],
    ['openinference.span.kind', 'kind-of-step'],
    ['gen_ai.data_source.id', 'data-source', 'id'],
    ['gen_ai.retrieval.query.text', 'looked-for'],
    ['gen_ai.retrieval.documents', 'documents-found'],
    ['retrieval.documents', 'documents-found'],
    ['gen_ai.evaluation.name', 'evaluation'],
    ['gen_ai.evaluation.score.value', 'score'],
    ['gen_ai.evaluation.score.label', 'score-in-words'],
    ['gen_ai.evaluation.explanation', 'why-this-score'],
  ],
  request: [
    [ATTRIBUTES.httpMethod, 'method'],
    ['http.method', 'method'],
    [ATTRIBUTES.httpRoute, 'route'],
    ['url.path', 'path'],
    ['url.full', 'address'],
    ['http.url', 'address'],
    ['http.response.status_code', 'http-status', 'id'],
    ['http.status_code', 'http-status', 'id'],
    [ATTRIBUTES.resendCount, 'sent-again'],
    ['http.request.body.size', 'size-of-the-request', 'bytes'],
    ['http.response.body.size', 'size-of-the-response', 'bytes'],
    ['client.address', 'client'],
    ['user_agent.original', 'client-program'],
    [ATTRIBUTES.errorType, 'kind-of-error'],
    ['exception.type', 'kind-of-error'],
    ['exception.message', 'error-message'],
    ['user.id', 'user', 'id'],
    ['session.id', 'session', 'id'],
  ],
};

const BY_NAME: ReadonlyMap<string, AttributeName & { readonly order: number }> = new Map(
  Object.entries(NAMES).flatMap(([group, named]) =>
    named.map(([name, label, unit], order) => [
      name,
      {
        label: t(`details.attributes.${label}`),
        group: group as AttributeGroup,
        order,
        ...(unit !== undefined && { unit }),
      },
    ]),
  ),
);

/** Names whose first words alone tell where they belong. */
const FAMILIES: readonly (readonly [RegExp, AttributeGroup])[] = [
  [/^(?:gen_ai\.usage\.|llm\.(?:token_count|cost|usage)\.)/, 'usage'],
  [/^(?:gen_ai\.tool\.|tool[._]|mcp\.)/, 'tool'],
  [/^(?:gen_ai\.(?:agent|workflow|retrieval|evaluation|memory)\.|agent\.|retrieval\.|reranker\.)/, 'agent'],
  [/^(?:gen_ai\.|llm\.|embedding\.|openai\.|anthropic\.)/, 'model'],
  [/^(?:http|url|client|network|user_agent)\./, 'request'],
];

const UNITS: readonly (readonly [RegExp, AttributeUnit])[] = [
  [/(?:_ms|\.ms|Ms)$/, 'ms'],
  [/(?:_seconds|\.seconds)$/, 's'],
  [/(?:[._]bytes|Bytes)$/, 'bytes'],
  [/(?:_usd|\.usd)$/, 'usd'],
  [/(?:^|[._])(?:id|port|status_code|seed|year|code|pid)$|(?:Id|ID)$/, 'id'],
];

/** What an attribute is called, and where it belongs; one that is not known keeps its own name. */
export function nameOf(name: string): AttributeName & { readonly order: number } {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  const group = FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
  const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
  return { label: name, group, order: Infinity, ...(unit !== undefined && { unit }) };
}
