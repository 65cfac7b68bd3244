import { cleanText, toJsonb } from './clean-json';

describe('toJsonb', () => {
  it('leaves clean values as JSON writes them', () => {
    expect(toJsonb({ a: [1, 'ü', null] })).toBe('{"a":[1,"ü",null]}');
  });

  it('replaces NUL and lone surrogates in values and keys, however deep', () => {
    expect(JSON.parse(toJsonb({ 'k\0': [{ v: 'x\ud800y' }] }))).toEqual({ 'k\ufffd': [{ v: 'x\ufffdy' }] });
  });

  it('keeps a backslash that only looks like an escape', () => {
    expect(JSON.parse(toJsonb({ path: 'C:\\u0000' }))).toEqual({ path: 'C:\\u0000' });
  });
});

describe('cleanText', () => {
  it('keeps whole surrogate pairs', () => {
    expect(cleanText('🚀\0\udc00')).toBe('🚀\ufffd\ufffd');
  });
});
