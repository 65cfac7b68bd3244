import { LIMITS } from './limits';
import { checkpointOfSpan, spanText } from './span-checkpoints';

test.each([
  ['chat', 'llm_thinking'],
  ['text_completion', 'llm_thinking'],
  ['generate_content', 'llm_thinking'],
  ['embeddings', 'llm_thinking'],
  ['execute_tool', 'tool_call'],
])('a span of the operation %s is the checkpoint %s', (operation, checkpoint) => {
  expect(checkpointOfSpan('any name', { 'gen_ai.operation.name': operation })).toBe(checkpoint);
});

test.each([
  ['ai.operationId', 'ai.streamText.doStream', 'llm_thinking'],
  ['ai.operationId', 'ai.toolCall', 'tool_call'],
  ['ai.operationId', 'ai.streamText', 'any name'],
  ['llm.request.type', 'chat', 'llm_thinking'],
  ['traceloop.span.kind', 'tool', 'tool_call'],
  ['traceloop.span.kind', 'workflow', 'any name'],
  ['openinference.span.kind', 'LLM', 'llm_thinking'],
  ['openinference.span.kind', 'TOOL', 'tool_call'],
  ['openinference.span.kind', 'CHAIN', 'any name'],
])('a span whose %s is %s is the checkpoint %s', (attribute, value, checkpoint) => {
  expect(checkpointOfSpan('any name', { [attribute]: value })).toBe(checkpoint);
});

test('any other span keeps its name', () => {
  expect(checkpointOfSpan('GET /cart', {})).toBe('GET /cart');
  expect(checkpointOfSpan('invoke_agent planner', { 'gen_ai.operation.name': 'invoke_agent' })).toBe(
    'invoke_agent planner',
  );
  expect(checkpointOfSpan('odd', { 'gen_ai.operation.name': 7 })).toBe('odd');
  expect(checkpointOfSpan('odd', { 'gen_ai.operation.name': '__proto__' })).toBe('odd');
});

test('a name is never empty, within the limit in bytes, and well-formed', () => {
  expect(spanText('')).toBe('span');
  for (const text of ['x'.repeat(1000), '€'.repeat(1000), '😀'.repeat(1000), `\ud800${'a'.repeat(400)}`]) {
    const cut = spanText(text);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(LIMITS.nameBytes);
    expect(cut.isWellFormed()).toBe(true);
    expect(cut).not.toBe('');
  }
  expect(spanText('€'.repeat(85))).toBe('€'.repeat(85));
});
