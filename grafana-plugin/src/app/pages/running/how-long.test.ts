import { howLong } from './how-long';

describe('howLong', () => {
  it('is long from a minute on, and very long from ten', () => {
    expect([-1, 0, 59_999, 60_000, 599_999, 600_000, 1e9].map(howLong)).toEqual([
      ...['usual', 'usual', 'usual', 'long', 'long'],
      ...['very-long', 'very-long'],
    ]);
  });
});
