import { readConfig } from './config';

describe('readConfig', () => {
  it('has defaults for everything, and listens on loopback', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8090,
      partitions: 4,
      prefix: 'flow',
      readTokens: [],
    });
  });

  it('takes days and seconds', () => {
    expect(readConfig({})).toMatchObject({ retentionDays: 90, stalledAfterMs: 60_000, lostAfterMs: 3_600_000 });
    expect(readConfig({ FLOW_RETENTION_DAYS: '0', FLOW_LOST_AFTER_S: '20' })).toMatchObject({
      retentionDays: 0,
      lostAfterMs: 20_000,
    });
    expect(() => readConfig({ FLOW_STALLED_AFTER_S: '1.5' })).toThrow(/FLOW_STALLED_AFTER_S: .*"1\.5"/);
  });

  it('takes an empty variable as not set', () => {
    expect(readConfig({ FLOW_BRIDGE_PORT: '' }).port).toBe(8090);
  });

  it('reads several tokens', () => {
    expect(readConfig({ FLOW_READ_TOKENS: 'a, b,' }).readTokens).toEqual(['a', 'b']);
  });

  it.each([
    '0.0.0.0',
    '::',
    '0',
    '192.0.2.1',
    '::ffff:127.0.0.1',
    'bridge.example',
    'localhost.example',
    '127.0.0.1.example',
  ])('refuses %s without tokens of both kinds', (host) => {
    expect(() => readConfig({ FLOW_BRIDGE_HOST: host })).toThrow(/FLOW_BRIDGE_HOST.*FLOW_READ_TOKENS/);
    expect(() => readConfig({ FLOW_BRIDGE_HOST: host, FLOW_READ_TOKENS: 'a' })).toThrow(/FLOW_CONTROL_TOKENS/);
    const both = { FLOW_READ_TOKENS: 'a', FLOW_CONTROL_TOKENS_FILE: '/run/secrets/control' };
    expect(readConfig({ FLOW_BRIDGE_HOST: host, ...both }).host).toBe(host);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('needs no tokens on %s', (host) => {
    expect(readConfig({ FLOW_BRIDGE_HOST: host }).host).toBe(host);
  });

  it('refuses tokens that no header can carry, and does not print them', () => {
    const read = () => readConfig({ FLOW_READ_TOKENS: 'fine,not fine' });
    expect(read).toThrow(/FLOW_READ_TOKENS: expected tokens without spaces/);
    expect(read).not.toThrow(/not fine/);
    expect(() => readConfig({ FLOW_CONTROL_TOKENS: 'schlüssel' })).toThrow(/FLOW_CONTROL_TOKENS/);
  });

  it('names every variable that is wrong, and keeps passwords out', () => {
    const read = () => readConfig({ FLOW_BRIDGE_PORT: '99999', LOG_LEVEL: 'loud', REDIS_URL: 'http://:secret@x' });
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_config' }));
    expect(read).toThrow(/FLOW_BRIDGE_PORT: .*"99999"/);
    expect(read).toThrow(/LOG_LEVEL: .*"loud"/);
    expect(read).toThrow(/REDIS_URL: expected a URL that starts with redis:/);
    expect(read).not.toThrow(/secret/);
  });
});
