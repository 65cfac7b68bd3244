import { createOtelTraceId, traceIdOf } from './http-origin';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

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

describe('createOtelTraceId', () => {
  it('says once that the package is missing, and gives nothing', () => {
    const warn = jest.fn();
    const traceId = createOtelTraceId(warn, () => {
      throw new Error("Cannot find module '@opentelemetry/api'");
    });
    expect([traceId(), traceId()]).toEqual([undefined, undefined]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith('otel_missing', expect.stringContaining('install it'), expect.anything());
  });

  it('gives a valid id of the active span, and no other', () => {
    let active: string | undefined;
    const api = {
      trace: { getActiveSpan: () => (active === undefined ? undefined : { spanContext: () => ({ traceId: active }) }) },
      isValidTraceId: (id: string) => id !== '0'.repeat(32),
    };
    const traceId = createOtelTraceId(jest.fn(), () => api);
    expect(traceId()).toBeUndefined();
    active = '0'.repeat(32);
    expect(traceId()).toBeUndefined();
    active = TRACE_ID;
    expect(traceId()).toBe(TRACE_ID);
  });
});
