import { currencyProblem, NO_PRICE, priceProblems, typedAmount, type PriceRow } from './price-rows';

const row = (over: Partial<PriceRow>): PriceRow => ({ model: 'm', input: 1, output: 2, ...over });

describe('priceProblems', () => {
  it('finds nothing wrong with prices', () => {
    const rows = [row({}), row({ model: 'm*', cachedInput: 0.5 }), row({ model: 'n', input: '2.50', output: 0 })];
    expect(priceProblems(rows)).toEqual([{}, {}, {}]);
  });

  it('says what is wrong, field by field', () => {
    expect(priceProblems([NO_PRICE])).toEqual([
      { model: 'Name a model.', input: 'Enter a price; 0 is one.', output: 'Enter a price; 0 is one.' },
    ]);
    expect(priceProblems([row({ input: '2,5', output: -1, cachedInput: 'free' })])).toEqual([
      {
        input: 'A price is a number, such as 2.5.',
        output: 'A price can’t be negative.',
        cachedInput: 'A price is a number, such as 2.5.',
      },
    ]);
    expect(priceProblems([row({ model: 'a*b' })])).toEqual([{ model: 'A * stands only at the end of a name.' }]);
    expect(priceProblems([row({}), row({ model: ' m ' })])).toEqual([{}, { model: 'Row 1 has this model already.' }]);
  });

  it('wants a currency of three letters', () => {
    expect(currencyProblem('USD')).toBeUndefined();
    expect(currencyProblem('$')).toMatch(/three letters/);
  });
});

describe('typedAmount', () => {
  it('keeps what is being typed', () => {
    expect(['', '2', '2.5', '0.', '2.50', '-', 'x'].map(typedAmount)).toEqual(['', 2, 2.5, '0.', '2.50', '-', 'x']);
  });
});
