/**
 * Attribute names that the product itself reads or writes. They follow the OpenTelemetry semantic conventions for
 * generative AI, which are not stable yet: this is the only file to change when they move.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export const ATTRIBUTES = {
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  finishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  /** Of the input tokens, those that came from a cache. */
  cachedInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  /** Of the input tokens, those that were written to a cache. */
  cacheWriteInputTokens: 'gen_ai.usage.cache_write.input_tokens',
  /** Of the output tokens, those that the model thought with. */
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  /** Of the input tokens, and of the output tokens, those of sound. */
  audioInputTokens: 'gen_ai.usage.audio.input_tokens',
  audioOutputTokens: 'gen_ai.usage.audio.output_tokens',
  /** From a timed checkpoint's begin to the first chunk of its stream, ms; the other two are OpenTelemetry's, in seconds. */
  firstChunkMs: 'flow.first_chunk_ms',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  timeToFirstToken: 'gen_ai.server.time_to_first_token',
  /** Of a stream, as many as were passed on. */
  chunks: 'flow.chunks',
  /** What kind of call it is: `chat`, `execute_tool`, `invoke_agent`, … */
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  stream: 'gen_ai.request.stream',
  temperature: 'gen_ai.request.temperature',
  topP: 'gen_ai.request.top_p',
  topK: 'gen_ai.request.top_k',
  maxTokens: 'gen_ai.request.max_tokens',
  choiceCount: 'gen_ai.request.choice.count',
  seed: 'gen_ai.request.seed',
  stopSequences: 'gen_ai.request.stop_sequences',
  frequencyPenalty: 'gen_ai.request.frequency_penalty',
  presencePenalty: 'gen_ai.request.presence_penalty',
  reasoningLevel: 'gen_ai.request.reasoning.level',
  /** The answer that this call goes on from. */
  previousResponseId: 'gen_ai.request.previous_response.id',
  encodingFormats: 'gen_ai.request.encoding_formats',
  dimensions: 'gen_ai.embeddings.dimension.count',
  outputType: 'gen_ai.output.type',
  agentName: 'gen_ai.agent.name',
  toolName: 'gen_ai.tool.name',
  toolCallId: 'gen_ai.tool.call.id',
  /** `function`: the application runs it. */
  toolType: 'gen_ai.tool.type',
  toolDescription: 'gen_ai.tool.description',
  /** The tools that a model's answer asks for: a list of `{ name, id }`. */
  toolCalls: 'flow.tool_calls',
  /** Prompts and answers: recorded only where the application wants them. */
  systemInstructions: 'gen_ai.system_instructions',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
  mcpMethod: 'mcp.method.name',
  mcpProtocolVersion: 'mcp.protocol.version',
  jsonrpcRequestId: 'jsonrpc.request.id',
  /** Which server of MCP a tool belongs to. The conventions have no name for it. */
  mcpServer: 'mcp.server.name',
  retrievalQuery: 'gen_ai.retrieval.query.text',
  conversationId: 'gen_ai.conversation.id',
  errorType: 'error.type',
  /** On a checkpoint that the application did not end: its flow's end, or its process's death, ended it. */
  unended: 'flow.unended',
  /** On a call that the application stopped while its client was still there. */
  aborted: 'flow.aborted',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  /** How often a request was sent again. */
  resendCount: 'http.request.resend_count',
  serverAddress: 'server.address',
  serverPort: 'server.port',
} as const;
