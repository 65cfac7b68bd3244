import { beginning, cutAt, isLong } from './long-text';

describe('isLong', () => {
  it('is true of more than six lines or many characters', () => {
    expect(isLong('a\n'.repeat(5))).toBe(false);
    expect(isLong('a\n'.repeat(6))).toBe(true);
    expect(isLong('a'.repeat(240))).toBe(false);
    expect(isLong('a'.repeat(241))).toBe(true);
  });
});

describe('cutAt', () => {
  it('never parts a character', () => {
    expect(cutAt('ab🙂', 3)).toBe('ab');
    expect(cutAt('ab🙂', 4)).toBe('ab🙂');
    expect(cutAt('abc', 2)).toBe('ab');
  });

  it('renders little of a megabyte', () => {
    expect(beginning('x'.repeat(1_000_000)).length).toBeLessThan(2_000);
  });
});
