import { arrayLiteral } from './columns';

describe('arrayLiteral', () => {
  it('writes numbers, texts and nulls as Postgres reads them', () => {
    expect(arrayLiteral([])).toBe('{}');
    expect(arrayLiteral([1, -2.5, null, 1e21])).toBe('{1,-2.5,NULL,1e+21}');
    expect(arrayLiteral(['', 'NULL', 'a,b', '{}', 'é\n'])).toBe('{"","NULL","a,b","{}","é\n"}');
    expect(arrayLiteral(['say "no"', 'C:\\new'])).toBe('{"say \\"no\\"","C:\\\\new"}');
  });
});
