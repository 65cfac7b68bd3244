import { firstChunkMs, modelsOf, tokensPerSecond, usageOf } from './usage';

describe('usage of a model call', () => {
  it('is told by its attributes', () => {
    expect(usageOf({ 'gen_ai.usage.input_tokens': 40, 'gen_ai.usage.output_tokens': 812 })).toEqual({
      input: 40,
      cachedInput: 0,
      output: 812,
    });
    const cached = { 'gen_ai.usage.input_tokens': 40, 'gen_ai.usage.cache_read.input_tokens': 50 };
    expect(usageOf(cached)).toEqual({ input: 40, cachedInput: 40, output: 0 });
    expect(usageOf({ 'gen_ai.usage.input_tokens': '40', 'gen_ai.usage.output_tokens': -1 })).toBeNull();
    expect(usageOf({})).toBeNull();
  });

  it('names the model that answered before the one that was asked for', () => {
    const both = { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.response.model': 'gpt-4o-2024-08-06' };
    expect(modelsOf(both)).toEqual(['gpt-4o-2024-08-06', 'gpt-4o']);
    expect(modelsOf({ 'gen_ai.request.model': '' })).toEqual([]);
  });

  it('reads the first chunk in ms, or in the seconds of OpenTelemetry', () => {
    expect(firstChunkMs({ 'flow.first_chunk_ms': 620 })).toBe(620);
    expect(firstChunkMs({ 'gen_ai.server.time_to_first_token': 0.5 })).toBe(500);
    expect(firstChunkMs({ 'gen_ai.response.time_to_first_chunk': 1.25 })).toBe(1_250);
    expect(firstChunkMs({})).toBeNull();
  });

  it('has a rate from the first chunk to the end', () => {
    const attributes = { 'gen_ai.usage.output_tokens': 300 };
    // 300 tokens in 2.5 − 0.5 = 2 s, and in 2.5 s.
    expect(tokensPerSecond({ ...attributes, 'flow.first_chunk_ms': 500 }, 2_500)).toBe(150);
    expect(tokensPerSecond(attributes, 2_500)).toBe(120);
    expect(tokensPerSecond({ ...attributes, 'flow.first_chunk_ms': 2_500 }, 2_500)).toBe(120);
    expect(tokensPerSecond(attributes, null)).toBeNull();
    expect(tokensPerSecond(attributes, 0)).toBeNull();
    expect(tokensPerSecond({}, 2_500)).toBeNull();
  });
});
