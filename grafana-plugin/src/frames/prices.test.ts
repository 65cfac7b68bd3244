import { createCostOf, priceOf, readPrices, type PriceTable } from './prices';

const table: PriceTable = {
  currency: 'USD',
  models: [
    { model: 'm*', input: 1, output: 1 },
    { model: 'm-4*', input: 2, output: 8 },
    { model: 'm-4-mini', input: 0.5, output: 2, cachedInput: 0.1 },
    { model: 'm-4-mini*', input: 9, output: 9 },
  ],
};

describe('priceOf', () => {
  it.each([
    ['m-4-mini', 0.5],
    ['m-4-mini-2026', 9],
    ['m-4-large', 2],
    ['m-4', 2],
    ['m', 1],
    ['other', undefined],
    ['', undefined],
  ])('finds for %j the row with input %s', (model, input) => expect(priceOf(table, model)?.input).toBe(input));
});

describe('cost', () => {
  const costOf = createCostOf(table);
  const tokens = { 'gen_ai.usage.input_tokens': 1_000, 'gen_ai.usage.output_tokens': 500 };

  it('is tokens times prices for a million of them', () => {
    // 1,000 × $2 + 500 × $8 = $6,000 for a million times as many.
    expect(costOf({ ...tokens, 'gen_ai.request.model': 'm-4-large' })).toBeCloseTo(0.006, 12);
    // 600 × $0.5 + 400 × $0.1 + 500 × $2 = $1,340.
    const cached = { ...tokens, 'gen_ai.usage.cache_read.input_tokens': 400, 'gen_ai.request.model': 'm-4-mini' };
    expect(costOf(cached)).toBeCloseTo(0.00134, 12);
    // Without a price of its own, cached input costs what input does: 1,000 × $2 + 500 × $8.
    expect(costOf({ ...cached, 'gen_ai.request.model': 'm-4' })).toBeCloseTo(0.006, 12);
  });

  it('goes by the model that answered, else by the one that was asked for', () => {
    const asked = { ...tokens, 'gen_ai.request.model': 'm-4-mini' };
    expect(costOf({ ...asked, 'gen_ai.response.model': 'm-4-large' })).toBeCloseTo(0.006, 12);
    expect(costOf({ ...asked, 'gen_ai.response.model': 'unknown' })).toBeCloseTo(0.0015, 12);
  });

  it('is not known without tokens, a model or a price', () => {
    expect(costOf({ 'gen_ai.request.model': 'm-4' })).toBeNull();
    expect(costOf(tokens)).toBeNull();
    expect(costOf({ ...tokens, 'gen_ai.request.model': 'other' })).toBeNull();
    expect(createCostOf(null)({ ...tokens, 'gen_ai.request.model': 'm-4' })).toBeNull();
  });
});

describe('readPrices', () => {
  it('reads settings, and leaves out what is no price', () => {
    const good = { model: ' m* ', input: '1', output: 2 };
    const bad = [null, 'm', { model: '', input: 1, output: 1 }, { model: 'a', input: -1, output: 1 }];
    const worse = [
      { model: 'b', input: 'one', output: 1 },
      { model: 'c', input: 1 },
    ];
    expect(readPrices({ prices: [good, ...bad, ...worse], currency: 'eur' })).toEqual({
      currency: 'EUR',
      models: [{ model: 'm*', input: 1, output: 2, cachedInput: null }],
    });
    expect(readPrices({ prices: [good], currency: 'euros' })?.currency).toBe('USD');
    expect(readPrices({})).toBeNull();
    expect(readPrices({ prices: bad })).toBeNull();
  });
});
