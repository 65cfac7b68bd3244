import { noticesOf } from './notices';

describe('noticesOf', () => {
  it('tells a failure once, and that the linked flow is not there', () => {
    const failed = { severity: 'error', text: 'The bridge is away' } as const;
    const older = { severity: 'info', text: 'Older ones are left out' } as const;
    expect(noticesOf([failed, older], failed.text, '01K0').map(({ severity }) => severity)).toEqual([
      'error',
      'warning',
      'info',
    ]);
    expect(noticesOf([older], '', 'x')[0]?.text).toMatch(/^Flow x, .* is not in this data/);
    expect(noticesOf([older], '', null)).toEqual([older]);
  });
});
