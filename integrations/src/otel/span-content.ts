/**
 * Attributes with prompts, answers, and arguments and results of tools, by those who write them. Each is a name, of which also
 * what is nested (`name.…`) counts.
 */
const CONTENT = [
  // OpenTelemetry's conventions, and those before them
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.tool.definitions',
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.retrieval.documents',
  'gen_ai.retrieval.query.text',
  // AI SDK
  'ai.prompt',
  'ai.response.text',
  'ai.response.object',
  'ai.response.reasoning',
  'ai.response.toolCalls',
  'ai.response.files',
  // With log probabilities and sources, which quote the answer.
  'ai.response.providerMetadata',
  'ai.toolCall.args',
  'ai.toolCall.result',
  'ai.value',
  'ai.values',
  'ai.embedding',
  'ai.embeddings',
  'ai.schema',
  'ai.request.headers',
  // Traceloop
  'traceloop.entity.input',
  'traceloop.entity.output',
  'traceloop.prompt',
  'llm.request.functions',
  'llm.prompts',
  'llm.completions',
  // OpenInference
  'input.value',
  'output.value',
  'input.images',
  'output.images',
  // The request without its messages, but with instructions and the definitions of tools.
  'llm.invocation_parameters',
  'llm.input_messages',
  'llm.output_messages',
  'llm.prompt_template',
  'llm.tools',
  'llm.function_call',
  'tool.parameters',
  'embedding.text',
  'embedding.embeddings',
  'embedding.vector',
  'retrieval.documents',
  'reranker.query',
  'reranker.input_documents',
  'reranker.output_documents',
  // Logfire
  'request_data',
  'response_data',
];

const NAMES = new Set(CONTENT);

/** Whether an attribute of this name holds what was said. */
export function isContent(name: string): boolean {
  for (let end = name.length; end !== -1; end = name.lastIndexOf('.', end - 1)) {
    if (NAMES.has(name.slice(0, end))) return true;
    if (end === 0) break;
  }
  return false;
}
