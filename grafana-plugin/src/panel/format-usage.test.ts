import { formatCost, formatRate, formatTokens } from './format-usage';

describe('formatCost', () => {
  it.each([
    [0, 'USD', '$0'],
    [0.0004, 'USD', '<$0.001'],
    [0.001, 'USD', '$0.001'],
    [0.0113, 'USD', '$0.011'],
    [0.25, 'USD', '$0.25'],
    [1234.5, 'EUR', '€1,234.50'],
    [0.02, 'CHF', 'CHF\u00a00.02'],
  ])('makes %s %s read %j', (cost, currency, text) => expect(formatCost(cost, currency)).toBe(text));
});

describe('formatTokens', () => {
  it.each([
    [812, '812 tok'],
    [9_999, '9,999 tok'],
    [12_340, '12.3k tok'],
    [2_500_000, '2.5M tok'],
  ])('makes %s read %j', (tokens, text) => expect(formatTokens(tokens)).toBe(text));
});

describe('formatRate', () => {
  it.each([
    [4.25, '4.3 tok/s'],
    [151.6, '152 tok/s'],
  ])('makes %s read %j', (rate, text) => expect(formatRate(rate)).toBe(text));
});
