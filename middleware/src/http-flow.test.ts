import type { Request } from 'express';
import { traceIdOf, traceparentOf } from './http-flow';

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

describe('traceparentOf', () => {
  it.each<[string, object]>([
    ['as it was sent', { rawHeaders: ['host', 'x', 'TraceParent', 'the first', 'traceparent', 'the second'] }],
    ['of an adapter with headers alone', { rawHeaders: [], headers: { traceparent: 'the first' } }],
    ['of an adapter without raw headers', { headers: { traceparent: 'the first' } }],
  ])('finds the header %s', (_how, req) => {
    expect(traceparentOf(req as Request)).toBe('the first');
  });

  it('finds none where there is none', () => {
    expect(
      traceparentOf({ rawHeaders: ['x-traceparen', 'no', 'traceparent!', 'no', 'host'] } as Request),
    ).toBeUndefined();
  });
});
