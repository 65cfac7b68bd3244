import { matchText } from './match-text';

const of = (count: number, rank = 0, isDone = true): string => matchText({ isActive: true, isDone, count }, rank);

describe('matchText', () => {
  it('tells how many match, and which is selected', () => {
    expect([of(17, 3), of(17), of(1), of(0), of(12_345, 1_234)]).toEqual([
      '3 of 17',
      '17 matches',
      '1 match',
      'No match',
      '1,234 of 12,345',
    ]);
  });

  it('does not tell a count as if it were the last one', () => {
    expect([of(17, 0, false), of(0, 0, false), of(17, 2, false)]).toEqual(['17 … matches', '0 … matches', '2 of 17 …']);
  });

  it('is empty when nothing is asked', () => {
    expect(matchText({ isActive: false, isDone: true, count: 0 }, 0)).toBe('');
  });
});
