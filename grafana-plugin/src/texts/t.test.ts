import { createT, languageOf, t } from './t';

const POLISH = {
  'pl-PL': {
    common: {
      'unnamed-flow': 'Przepływ bez nazwy',
      flows_one: '{{count}} przepływ',
      flows_few: '{{count}} przepływy',
      flows_many: '{{count}} przepływów',
      flows_other: '{{count}} przepływu',
    },
  },
};

describe('t', () => {
  it('gives a text as it stands in the file', () => {
    expect(t('common.unnamed-flow')).toBe('Unnamed flow');
    expect(t('status.timed_out')).toBe('timed out');
  });

  it('puts values in their places, as often as they are asked for', () => {
    expect(t('compare.by-status', { own: 'failed', other: 'ok' })).toBe('failed, was ok');
    expect(t('compare.by-status', { own: 'ok', other: 'failed' })).toBe('ok, was failed');
  });

  it('takes a value for what it is, whatever it looks like', () => {
    expect(t('compare.by-status', { own: '{{other}} $& $1', other: '{{own}}' })).toBe('{{other}} $& $1, was {{own}}');
  });

  it('writes numbers as the language does, and leaves texts alone', () => {
    expect(t('export.first-rows', { shown: 2_000, all: '12345' })).toBe('These are the first 2,000 of 12345 rows.');
  });

  it.each([
    [0, '0 checkpoints'],
    [1, '1 checkpoint'],
    [2, '2 checkpoints'],
    [1_234, '1,234 checkpoints'],
  ])('counts %d', (count, text) => expect(t('common.checkpoints', { count })).toBe(text));

  it('has one form where a text is never about one', () => {
    expect(t('empty.no-flows-of-users', { count: 3 })).toBe('No flows of these 3 users yet');
  });
});

describe('createT', () => {
  it.each([
    [1, '1 przepływ'],
    [3, '3 przepływy'],
    [5, '5 przepływów'],
    [22, '22 przepływy'],
    [12_345, '12\u00a0345 przepływów'],
  ])('counts %d by the rules of its language', (count, text) => {
    expect(createT('pl-PL', POLISH)('common.flows', { count })).toBe(text);
  });

  it('tells in English what the file of the language does not have', () => {
    const polish = createT('pl-PL', POLISH);
    expect(polish('common.unnamed-flow')).toBe('Przepływ bez nazwy');
    expect(polish('compare.swap')).toBe('Swap');
    expect(polish('common.checkpoints', { count: 1 })).toBe('1 checkpoint');
    expect(polish('common.checkpoints', { count: 3 })).toBe('3 checkpoints');
  });
});

describe('languageOf', () => {
  it('is the one that is asked for where there is a file for it', () => {
    expect(languageOf('pl-PL', POLISH)).toBe('pl-PL');
    expect(languageOf('en-US')).toBe('en-US');
  });

  it.each([['xx-XX'], [''], ['toString'], ['not a language'], [undefined]])('is English for %j', (asked) => {
    expect(languageOf(asked)).toBe('en-US');
    expect(createT(languageOf(asked))('common.flows', { count: 1_000 })).toBe('1,000 flows');
  });
});
