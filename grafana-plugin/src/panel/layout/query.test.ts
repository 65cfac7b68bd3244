import { countFilters, createQuery, NO_FILTERS, parseDuration } from './query';

describe('createQuery', () => {
  it('asks for every word, whatever its case', () => {
    expect(createQuery('  Tool send:EMAIL :x y: ', NO_FILTERS)?.words).toEqual([
      { text: 'tool', field: null },
      { text: 'send:email', field: { name: 'send', value: 'email' } },
      { text: ':x', field: null },
      { text: 'y:', field: null },
    ]);
  });

  it('is none when nothing is asked', () => {
    expect(createQuery(' ', NO_FILTERS)).toBeNull();
    expect(createQuery('', { ...NO_FILTERS, minMs: 0 })).not.toBeNull();
  });
});

describe('countFilters', () => {
  it('counts kinds, not choices', () => {
    expect(countFilters(NO_FILTERS)).toBe(0);
    expect(countFilters({ checkpoints: ['a', 'b'], statuses: [], minMs: 5 })).toBe(2);
  });
});

describe('parseDuration', () => {
  it.each([
    ['250', 250],
    ['250ms', 250],
    [' 1.5 S ', 1_500],
    ['1,5s', 1_500],
    ['.5s', 500],
    ['2m', 120_000],
    ['2min', 120_000],
    ['1h', 3_600_000],
    ['0', 0],
  ])('reads %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', 's', 'abc', '-5', '5x', '1.2.3', '5 5', '1e3', 'constructor'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
