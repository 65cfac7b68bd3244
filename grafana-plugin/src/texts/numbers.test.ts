import { createNumbers } from './numbers';

describe('createNumbers', () => {
  it.each([
    ['en-US', 0, '0'],
    ['en-US', 999, '999'],
    ['en-US', 1_234_567, '1,234,567'],
    ['en-US', -12, '-12'],
    ['en-US', 0.25, '0.25'],
    ['de-DE', 999, '999'],
    ['de-DE', 12_345, '12.345'],
    ['de-DE', 0.25, '0,25'],
    ['ar-EG', 999, '٩٩٩'],
  ])('writes in %s %d as %s', (language, value, text) => expect(createNumbers(language).plain(value)).toBe(text));

  it('keeps the decimals that are asked for, after the point of the language', () => {
    expect(createNumbers('en-US').fixed(3, 1)).toBe('3.0');
    expect(createNumbers('de-DE').fixed(3.94, 1)).toBe('3,9');
    expect(createNumbers('de-DE').fixed(12_345, 0)).toBe('12345');
  });
});
