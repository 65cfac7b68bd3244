import { conventionAttributes } from './convention-attributes';

const MODEL = 'llm_thinking';
const TOOL = 'tool_call';

it.each([
  ['ai.model.provider', 'openai.chat', 'gen_ai.provider.name', 'openai'],
  ['llm.provider', 'google', 'gen_ai.provider.name', 'gcp.gemini'],
  ['gen_ai.system', 'aws.bedrock', 'gen_ai.provider.name', 'aws.bedrock'],
  ['llm.system', 'openai', 'gen_ai.provider.name', 'openai'],
  ['llm.model_name', 'm', 'gen_ai.request.model', 'm'],
  ['embedding.model_name', 'm', 'gen_ai.request.model', 'm'],
  ['ai.model.id', 'm', 'gen_ai.request.model', 'm'],
  ['llm.response.model_name', 'm', 'gen_ai.response.model', 'm'],
  ['llm.finish_reason', 'stop', 'gen_ai.response.finish_reasons', ['stop']],
  ['ai.usage.tokens', 4, 'gen_ai.usage.input_tokens', 4],
  ['llm.token_count.prompt', 4, 'gen_ai.usage.input_tokens', 4],
  ['llm.token_count.completion', 5, 'gen_ai.usage.output_tokens', 5],
  ['gen_ai.usage.completion_tokens', 5, 'gen_ai.usage.output_tokens', 5],
  ['ai.usage.cachedInputTokens', 0, 'gen_ai.usage.cache_read.input_tokens', 0],
  ['llm.token_count.prompt_details.cache_write', 2, 'gen_ai.usage.cache_write.input_tokens', 2],
  ['ai.usage.reasoningTokens', 3, 'gen_ai.usage.reasoning.output_tokens', 3],
  ['ai.response.msToFirstChunk', 12.5, 'flow.first_chunk_ms', 12.5],
])('of a model, %s (%j) is %s', (name, value, convention, expected) => {
  expect(conventionAttributes(MODEL, { [name]: value })).toEqual({ [convention]: expected });
});

it.each([
  ['ai.toolCall.name', 'gen_ai.tool.name'],
  ['tool.name', 'gen_ai.tool.name'],
  ['traceloop.entity.name', 'gen_ai.tool.name'],
  ['ai.toolCall.id', 'gen_ai.tool.call.id'],
])('of a tool, %s is %s', (name, convention) => {
  expect(conventionAttributes(TOOL, { [name]: 'x' })).toEqual({ [convention]: 'x' });
});

it('what the conventions name already is not told again, and the first source that tells counts', () => {
  expect(conventionAttributes(MODEL, { 'gen_ai.usage.input_tokens': 1, 'ai.usage.inputTokens': 2 })).toEqual({});
  expect(
    conventionAttributes(MODEL, { 'ai.model.provider': 'azure.chat', 'gen_ai.system': 'x', 'llm.system': 'y' }),
  ).toEqual({ 'gen_ai.provider.name': 'azure.ai.openai' });
});

it('values of another type tell nothing', () => {
  const odd = { 'llm.model_name': 7, 'llm.token_count.prompt': '4', 'ai.usage.tokens': NaN, 'llm.finish_reason': '' };
  expect(conventionAttributes(MODEL, odd)).toEqual({});
});

it('a span around the calls of a model tells no tokens of its own', () => {
  const sum = { 'ai.operationId': 'ai.streamText', 'ai.usage.inputTokens': 40, 'ai.model.id': 'm' };
  expect(conventionAttributes('ai.streamText', sum)).toEqual({});
});
