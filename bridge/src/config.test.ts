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

  it('reads where Redis is: one server, a cluster, or sentinels', () => {
    expect(readConfig({}).redis).toEqual({ kind: 'single', url: 'redis://127.0.0.1:6379' });
    expect(readConfig({ REDIS_URL: 'redis://:a,b@one:1/2' }).redis).toEqual({
      kind: 'single',
      url: 'redis://:a,b@one:1/2',
    });
    expect(readConfig({ REDIS_URL: 'redis://one:1, rediss://two:2' }).redis).toEqual({
      kind: 'cluster',
      urls: ['redis://one:1', 'rediss://two:2'],
    });
    const sentinels = {
      REDIS_SENTINELS: 'one:1, two,[::1]:3',
      REDIS_SENTINEL_NAME: 'main',
      REDIS_URL: 'redis://:p@x/2',
    };
    expect(readConfig(sentinels).redis).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 1 },
        { host: 'two', port: 26_379 },
        { host: '::1', port: 3 },
      ],
      name: 'main',
      sentinelPassword: undefined,
      url: 'redis://:p@x/2',
    });
  });

  it('refuses sentinels that are no host:port, and sentinels of a cluster', () => {
    expect(() => readConfig({ REDIS_SENTINELS: 'redis://one:1' })).toThrow(/REDIS_SENTINELS: expected host:port/);
    const both = { REDIS_SENTINELS: 'one:1', REDIS_URL: 'redis://one:1,redis://two:2' };
    expect(() => readConfig(both)).toThrow(/REDIS_URL: expected one URL beside REDIS_SENTINELS/);
    expect(() => readConfig({ REDIS_URL: 'redis://one:1,redis://two:x' })).toThrow(/REDIS_URL/);
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
