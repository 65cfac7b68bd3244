import { ATTRIBUTES } from '@flow-tracking/protocol';

export const ATTRIBUTE_GROUPS = ['model', 'usage', 'tool', 'agent', 'request', 'other'] as const;
export type AttributeGroup = (typeof ATTRIBUTE_GROUPS)[number];

export const GROUP_TITLES: Readonly<Record<AttributeGroup, string>> = {
  model: 'Model',
  usage: 'Usage',
  tool: 'Tool',
  agent: 'Agent and retrieval',
  request: 'Request',
  other: 'Other',
};

/** What a number counts; `id` stands for one that is a name and has no thousands. */
export type AttributeUnit = 'ms' | 's' | 'bytes' | 'usd' | 'id';

export interface AttributeName {
  readonly label: string;
  readonly group: AttributeGroup;
  readonly unit?: AttributeUnit;
}

type Named = readonly [name: string, label: string, unit?: AttributeUnit];

/**
 * Attributes in words, in the order in which they are shown. Of the conventions for generative AI old names stand beside
 * new ones, since instrumentations of both kinds are in use.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/registry/attributes/gen-ai.md
 * @see https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
 */
const NAMES: Readonly<Record<Exclude<AttributeGroup, 'other'>, readonly Named[]>> = {
  model: [
    [ATTRIBUTES.requestModel, 'Model asked for'],
    [ATTRIBUTES.responseModel, 'Model that answered'],
    ['llm.model_name', 'Model'],
    ['embedding.model_name', 'Embedding model'],
    ['gen_ai.provider.name', 'Provider'],
    ['gen_ai.system', 'Provider'],
    ['llm.provider', 'Provider'],
    ['llm.system', 'AI product'],
    ['gen_ai.operation.name', 'Operation'],
    ['gen_ai.request.stream', 'Streamed'],
    ['gen_ai.request.temperature', 'Temperature'],
    ['gen_ai.request.top_p', 'Top p'],
    ['gen_ai.request.top_k', 'Top k'],
    ['gen_ai.request.max_tokens', 'Most tokens to write'],
    ['gen_ai.request.choice.count', 'Answers asked for'],
    ['gen_ai.request.frequency_penalty', 'Frequency penalty'],
    ['gen_ai.request.presence_penalty', 'Presence penalty'],
    ['gen_ai.request.seed', 'Seed', 'id'],
    ['gen_ai.request.stop_sequences', 'Stop at'],
    ['gen_ai.request.encoding_formats', 'Encoding formats'],
    ['gen_ai.embeddings.dimension.count', 'Dimensions'],
    ['llm.invocation_parameters', 'Parameters'],
    ['embedding.invocation_parameters', 'Parameters'],
    ['gen_ai.output.type', 'Kind of answer'],
    ['gen_ai.response.finish_reasons', 'Ended because of'],
    ['llm.finish_reason', 'Ended because of'],
    ['gen_ai.response.id', 'Id of the answer', 'id'],
    ['server.address', 'Model server'],
    ['server.port', 'Port', 'id'],
  ],
  usage: [
    [ATTRIBUTES.inputTokens, 'Input tokens'],
    ['gen_ai.usage.prompt_tokens', 'Input tokens'],
    ['llm.token_count.prompt', 'Input tokens'],
    [ATTRIBUTES.outputTokens, 'Output tokens'],
    ['gen_ai.usage.completion_tokens', 'Output tokens'],
    ['llm.token_count.completion', 'Output tokens'],
    ['gen_ai.usage.total_tokens', 'Tokens in all'],
    ['llm.token_count.total', 'Tokens in all'],
    ['llm.usage.total_tokens', 'Tokens in all'],
    ['gen_ai.usage.cache_read.input_tokens', 'Input tokens read from the cache'],
    ['gen_ai.usage.cache_read_input_tokens', 'Input tokens read from the cache'],
    ['llm.token_count.prompt_details.cache_read', 'Input tokens read from the cache'],
    ['gen_ai.usage.cache_write.input_tokens', 'Input tokens written to the cache'],
    ['gen_ai.usage.cache_creation.input_tokens', 'Input tokens written to the cache'],
    ['gen_ai.usage.cache_creation_input_tokens', 'Input tokens written to the cache'],
    ['llm.token_count.prompt_details.cache_write', 'Input tokens written to the cache'],
    ['gen_ai.usage.reasoning.output_tokens', 'Output tokens for reasoning'],
    ['llm.token_count.completion_details.reasoning', 'Output tokens for reasoning'],
    ['gen_ai.token.type', 'Kind of tokens'],
    ['gen_ai.usage.cost', 'Cost', 'usd'],
    ['llm.cost.total', 'Cost', 'usd'],
    ['llm.cost.prompt', 'Cost of the input', 'usd'],
    ['llm.cost.completion', 'Cost of the output', 'usd'],
    ['flow.first_chunk_ms', 'Time to the first chunk', 'ms'],
    ['gen_ai.response.time_to_first_chunk', 'Time to the first chunk', 's'],
    ['flow.chunks', 'Chunks'],
    ['flow.bytes', 'Size of the stream', 'bytes'],
    ['remaining', 'Remaining'],
  ],
  tool: [
    [ATTRIBUTES.toolName, 'Tool'],
    ['tool.name', 'Tool'],
    ['gen_ai.tool.type', 'Kind of tool'],
    ['gen_ai.tool.description', 'What the tool does'],
    ['tool.description', 'What the tool does'],
    ['gen_ai.tool.call.id', 'Id of the call', 'id'],
    ['tool.id', 'Id of the call', 'id'],
    ['tool_call.id', 'Id of the call', 'id'],
    ['gen_ai.tool.call.arguments', 'Arguments'],
    ['tool_call.function.arguments', 'Arguments'],
    ['tool.parameters', 'Arguments'],
    ['gen_ai.tool.call.result', 'Result'],
    ['gen_ai.tool.definitions', 'Tools on offer'],
    ['llm.tools', 'Tools on offer'],
    ['mcp.method.name', 'MCP method'],
    ['mcp.session.id', 'MCP session', 'id'],
    ['mcp.request.id', 'MCP request', 'id'],
    ['mcp.resource.uri', 'MCP resource'],
  ],
  agent: [
    ['gen_ai.agent.name', 'Agent'],
    ['agent.name', 'Agent'],
    ['gen_ai.workflow.name', 'Workflow'],
    ['gen_ai.agent.id', 'Id of the agent', 'id'],
    ['gen_ai.agent.description', 'What the agent does'],
    [ATTRIBUTES.conversationId, 'Conversation', 'id'],
    ['gen_ai.prompt.name', 'Name of the prompt'],
    ['openinference.span.kind', 'Kind of step'],
    ['gen_ai.data_source.id', 'Data source', 'id'],
    ['gen_ai.retrieval.query.text', 'Looked for'],
    ['gen_ai.retrieval.documents', 'Documents found'],
    ['retrieval.documents', 'Documents found'],
    ['gen_ai.evaluation.name', 'Evaluation'],
    ['gen_ai.evaluation.score.value', 'Score'],
    ['gen_ai.evaluation.score.label', 'Score in words'],
    ['gen_ai.evaluation.explanation', 'Why this score'],
  ],
  request: [
    [ATTRIBUTES.httpMethod, 'Method'],
    ['http.method', 'Method'],
    [ATTRIBUTES.httpRoute, 'Route'],
    ['url.path', 'Path'],
    ['url.full', 'Address'],
    ['http.url', 'Address'],
    ['http.response.status_code', 'HTTP status', 'id'],
    ['http.status_code', 'HTTP status', 'id'],
    ['http.request.body.size', 'Size of the request', 'bytes'],
    ['http.response.body.size', 'Size of the response', 'bytes'],
    ['client.address', 'Client'],
    ['user_agent.original', 'Client program'],
    [ATTRIBUTES.errorType, 'Kind of error'],
    ['exception.type', 'Kind of error'],
    ['exception.message', 'Error message'],
    ['user.id', 'User', 'id'],
    ['session.id', 'Session', 'id'],
  ],
};

const BY_NAME: ReadonlyMap<string, AttributeName & { readonly order: number }> = new Map(
  Object.entries(NAMES).flatMap(([group, named]) =>
    named.map(([name, label, unit], order) => [
      name,
      { label, group: group as AttributeGroup, order, ...(unit !== undefined && { unit }) },
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
