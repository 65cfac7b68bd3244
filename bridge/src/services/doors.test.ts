import { createDoors } from './doors';

const closed = createDoors({ readTokens: ['r1', 'r2'], controlTokens: ['c'], allowedOrigins: ['https://ok.example'] });
const open = createDoors({ readTokens: [], controlTokens: [], allowedOrigins: [] });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const code = (value: string): Error => expect.objectContaining({ code: value }) as Error;

describe('authorize', () => {
  it('takes every read token, and the control token, for reading', () => {
    for (const token of ['r1', 'r2', 'c']) expect(() => closed.authorize(bearer(token), 'read')).not.toThrow();
  });

  it.each([{}, bearer('x'), bearer('r1 '), { authorization: 'Basic r1' }, bearer('r'.repeat(10_000))])(
    'refuses %j',
    (headers) => {
      expect(() => closed.authorize(headers, 'read')).toThrow(code('unauthorized'));
    },
  );

  it('keeps the read token from changing anything', () => {
    expect(() => closed.authorize(bearer('r1'), 'control')).toThrow(code('forbidden'));
    expect(() => closed.authorize(bearer('c'), 'control')).not.toThrow();
  });

  it('asks for no token where none is set', () => {
    expect(() => open.authorize({}, 'control')).not.toThrow();
  });
});

describe('checkSource', () => {
  it('refuses pages of an origin that is not allowed', () => {
    expect(() => closed.checkSource({ host: 'x', origin: 'https://evil.example' })).toThrow(code('origin_refused'));
    expect(() => closed.checkSource({ host: 'x', origin: 'null' })).toThrow(code('origin_refused'));
    expect(() => closed.checkSource({ host: 'x', origin: 'https://ok.example' })).not.toThrow();
    expect(() => closed.checkSource({ host: 'x' })).not.toThrow();
  });

  it('refuses foreign host names while no tokens are set', () => {
    expect(() => open.checkSource({ host: 'rebound.example:8090' })).toThrow(code('host_refused'));
    for (const host of ['localhost:8090', '127.0.0.1', '[::1]:8090']) {
      expect(() => open.checkSource({ host })).not.toThrow();
    }
  });
});
