import { traceIdOf } from './http-flow';

describe('traceIdOf', () => {
  it.each([
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '0af7651916cd43dd8448eb211c80319c'],
    ['00-00000000000000000000000000000000-b7ad6b7169203331-01', undefined],
    ['00-0af7651916cd43dd-b7ad6b7169203331-01', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %p is %p', (header, expected) => {
    expect(traceIdOf(header)).toBe(expected);
  });
});
