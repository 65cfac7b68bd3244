import { checkTokens } from './token-strength';

describe('checkTokens', () => {
  it('warns of short ones, without telling them', () => {
    const [warning] = checkTokens({ read: ['short-one'], control: ['long-enough-to-be-kept'], write: [] });
    expect(warning).toMatch(/^1 of the tokens/);
    expect(warning).not.toContain('short-one');
    expect(checkTokens({ read: [], control: ['long-enough-to-be-kept'], write: [] })).toEqual([]);
  });

  it('takes 16 characters for enough', () => {
    expect(checkTokens({ read: ['x'.repeat(16)], control: [], write: [] })).toEqual([]);
    expect(checkTokens({ read: ['x'.repeat(15)], control: [], write: [] })).toHaveLength(1);
  });
});
