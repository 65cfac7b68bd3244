import { createAccess } from './access';

const closed = createAccess({
  tokens: { read: ['r1', 'r2'], control: ['c'], write: [] },
  allowedOrigins: ['https://ok.example'],
});
const open = createAccess({ tokens: { read: [], control: [], write: [] }, allowedOrigins: [] });
const from = (authorization?: string, remoteAddress = '192.0.2.1') => ({
  headers: { authorization },
  socket: { remoteAddress },
});
const bearer = (token: string, remoteAddress?: string) => from(`Bearer ${token}`, remoteAddress);
const code = (value: string): Error => expect.objectContaining({ code: value }) as Error;

describe('authorize', () => {
  it('takes every read token, and the control token, for reading', () => {
    for (const token of ['r1', 'r2', 'c']) expect(() => closed.authorize(bearer(token), 'read')).not.toThrow();
  });

  it.each([undefined, 'Bearer x', 'Bearer r1 ', 'Basic r1', 'Basic Bearer r1', `Bearer ${'r'.repeat(10_000)}`])(
    'refuses %j',
    (header) => {
      expect(() => closed.authorize(from(header), 'read')).toThrow(code('unauthorized'));
    },
  );

  it('keeps the read token from changing anything', () => {
    expect(() => closed.authorize(bearer('r1'), 'control')).toThrow(code('forbidden'));
    expect(() => closed.authorize(bearer('c'), 'control')).not.toThrow();
  });

  it('takes no more tokens from an address that guesses, but those that were good from there', () => {
    const access = createAccess({ tokens: { read: ['r1', 'r2'], control: ['c'], write: [] }, allowedOrigins: [] });
    expect(() => access.authorize(bearer('r1'), 'read')).not.toThrow();
    for (let i = 0; i < 30; i++) {
      expect(() => access.authorize(bearer(`guess-${i}`), 'read')).toThrow(code('unauthorized'));
    }
    expect(() => access.authorize(bearer('guess'), 'read')).toThrow(
      expect.objectContaining({
        code: 'rate_limited',
        message: expect.stringMatching(/try again in \d+ s$/) as string,
        retryAfterS: expect.closeTo(60, -1) as number,
      }),
    );
    expect(() => access.authorize(bearer('c'), 'control')).toThrow(code('rate_limited'));
    expect(() => access.authorize(bearer('r1'), 'read')).not.toThrow();
    expect(() => access.authorize(bearer('c', '192.0.2.2'), 'control')).not.toThrow();
  });

  it('takes callers without any token for no guess', () => {
    const access = createAccess({ tokens: { read: ['r'], control: ['c'], write: [] }, allowedOrigins: [] });
    for (let i = 0; i < 100; i++) expect(() => access.authorize(from(), 'read')).toThrow(code('unauthorized'));
    expect(() => access.authorize(bearer('r'), 'read')).not.toThrow();
  });

  it('goes by the tokens that were set last', () => {
    const access = createAccess({ tokens: { read: ['old'], control: ['c'], write: [] }, allowedOrigins: [] });
    access.setTokens({ read: ['new'], control: [], write: [] });
    expect(() => access.authorize(bearer('new'), 'read')).not.toThrow();
    expect(() => access.authorize(bearer('old'), 'read')).toThrow(code('unauthorized'));
    access.setTokens({ read: [], control: [], write: [] });
    expect(() => access.authorize(from(), 'read')).toThrow(code('unauthorized'));
  });

  it('asks for no token where none is set', () => {
    expect(() => open.authorize(from(), 'control')).not.toThrow();
  });

  it('asks for a token where one of any scope is set', () => {
    for (const tokens of [
      { read: ['r'], control: [], write: [] },
      { read: [], control: ['c'], write: [] },
    ]) {
      const access = createAccess({ tokens, allowedOrigins: [] });
      expect(() => access.authorize(from(), 'read')).toThrow(code('unauthorized'));
    }
  });

  it('tells callers apart by token, and by address where no token is asked for', () => {
    const caller = (token: string, address?: string): string => closed.authorize(bearer(token, address), 'read');
    expect(caller('r1', '192.0.2.2')).toBe(caller('r1'));
    expect(caller('r2')).not.toBe(caller('r1'));
    expect(caller('r1')).not.toContain('r1');
    expect(open.authorize(from(undefined, '192.0.2.2'), 'read')).toBe('192.0.2.2');
  });

  it('says what to do about it', () => {
    expect(() => closed.authorize(from(), 'control')).toThrow(
      'Send a control token as "Authorization: Bearer <token>"',
    );
    expect(() => closed.authorize(bearer('x'), 'read')).toThrow('The token is not known');
    expect(() => closed.authorize(bearer('r1'), 'control')).toThrow('changes take a control token');
  });
});

describe('tokenCounts', () => {
  it('are those of the tokens that were set last', () => {
    const access = createAccess({ tokens: { read: ['old'], control: [], write: [] }, allowedOrigins: [] });
    access.setTokens({ read: ['short', 'long-enough-to-be-kept'], control: ['c'], write: [] });
    expect(access.tokenCounts()).toEqual({ read: 2, control: 1, short: 2 });
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
    for (const host of ['rebound.example:8090', 'a.localhost', 'localhost.example', '127.0.0.1.example', undefined]) {
      expect(() => open.checkSource({ host })).toThrow(code('host_refused'));
    }
    for (const host of ['localhost:8090', 'LOCALHOST', '127.0.0.1', '127.10.20.30:8090', '[::1]:8090']) {
      expect(() => open.checkSource({ host })).not.toThrow();
    }
  });

  it('says what it refused, and what it takes', () => {
    expect(() => closed.checkSource({ origin: 'https://evil.example' })).toThrow(
      'Origin "https://evil.example" is not in FLOW_ALLOWED_ORIGINS',
    );
    expect(() => open.checkSource({ host: 'evil.example' })).toThrow(
      'Host must be localhost while no tokens are set, got "evil.example"',
    );
  });
});
