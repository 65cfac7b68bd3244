import { callFacts, tokensOf } from './call-facts';

describe('tokensOf', () => {
  const tokens = (value: never): number | null => tokensOf({ tokens: value }, 'tokens');

  it.each([0, 7, 1e12])('takes %d', (value) => {
    expect(tokens(value as never)).toBe(value);
  });

  it.each([-1, 1.5, 1e12 + 1, NaN, Infinity, '7', null, [7]])('takes %j for no count', (value) => {
    expect(tokens(value as never)).toBeNull();
  });

  it('is null where nothing is told', () => {
    expect(tokensOf({}, 'tokens')).toBeNull();
    expect(tokensOf(undefined, 'tokens')).toBeNull();
  });
});

describe('callFacts', () => {
  it('are those of no call where no attribute tells of one', () => {
    expect(callFacts({ step: 1 }, 5)).toEqual({ model: '', cachedInputTokens: 0, firstChunkMs: null });
  });

  it.each([
    ['gen_ai.request.model', 'm', { model: 'm' }],
    ['gen_ai.response.model', 'm', { model: 'm' }],
    ['gen_ai.usage.cache_read.input_tokens', 3, { cachedInputTokens: 3 }],
    ['flow.first_chunk_ms', 7, { firstChunkMs: 7 }],
    ['gen_ai.response.time_to_first_chunk', 0.5, { firstChunkMs: 500 }],
    ['gen_ai.server.time_to_first_token', 0.5, { firstChunkMs: 500 }],
  ])('are told by %s alone, whatever else is there', (name, value, facts) => {
    const none = { model: '', cachedInputTokens: 0, firstChunkMs: null };
    expect(callFacts({ step: 1, [name]: value }, 5)).toEqual({ ...none, ...facts });
  });

  it('tell no more tokens from a cache than there were', () => {
    expect(callFacts({ 'gen_ai.usage.cache_read.input_tokens': 9 }, 5).cachedInputTokens).toBe(5);
  });

  it('tell no first chunk after more than a day', () => {
    const wait = (ms: number): number | null => callFacts({ 'flow.first_chunk_ms': ms }, 0).firstChunkMs;
    expect([86_400_000, 86_400_001].map(wait)).toEqual([86_400_000, null]);
  });

  it('cut the name of a model to what a key may have, and clean it', () => {
    const model = (name: string): string => callFacts({ 'gen_ai.response.model': name }, 0).model;
    expect(model('m'.repeat(300))).toBe('m'.repeat(255));
    expect(model('a\0b')).toBe('a\ufffdb');
  });
});
