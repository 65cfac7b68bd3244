/**
 * Attribute names that the product itself reads or writes. They follow the OpenTelemetry semantic conventions for
 * generative AI, which are not stable yet: this is the only file to change when they move.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export const ATTRIBUTES = {
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  /** Of the input tokens, those that came from a cache. */
  cachedInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  /** From a timed checkpoint's begin to the first chunk of its stream, ms; the other two are OpenTelemetry's, in seconds. */
  firstChunkMs: 'flow.first_chunk_ms',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  timeToFirstToken: 'gen_ai.server.time_to_first_token',
  /** What kind of call it is: `chat`, `execute_tool`, `invoke_agent`, … */
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  agentName: 'gen_ai.agent.name',
  toolName: 'gen_ai.tool.name',
  conversationId: 'gen_ai.conversation.id',
  errorType: 'error.type',
  /** On a checkpoint that the application did not end: its flow's end, or its process's death, ended it. */
  unended: 'flow.unended',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
} as const;
