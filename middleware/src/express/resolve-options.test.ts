import { FlowTrackingError } from '../errors';
import type { FlowTrackingOptions } from './options';
import { resolveOptions } from './resolve-options';

const messageOf = (options: unknown, env: Record<string, string> = {}): string => {
  try {
    resolveOptions(options as FlowTrackingOptions, env);
  } catch (error) {
    expect(error).toBeInstanceOf(FlowTrackingError);
    expect((error as FlowTrackingError).code).toBe('invalid_option');
    return (error as Error).message;
  }
  return 'accepted';
};

describe('resolveOptions', () => {
  it('has a default for everything', () => {
    expect(resolveOptions({}, {})).toMatchObject({
      redis: 'redis://localhost:6379',
      enabled: true,
      service: 'app',
      prefix: 'flow',
      partitions: 4,
      flush: { liveMs: 5, idleMs: 100 },
    });
  });

  it('reads the environment for what the options leave out', () => {
    const env = {
      REDIS_URL: 'redis://r:1',
      REDIS_ENABLED: 'false',
      FLOW_SERVICE: 'chat',
      FLOW_PARTITIONS: '8',
      FLOW_SAMPLE: '0.1',
    };
    expect(resolveOptions({ service: 'mine' }, env)).toMatchObject({
      redis: 'redis://r:1',
      enabled: false,
      service: 'mine',
      partitions: 8,
      sample: 0.1,
    });
  });

  it('takes undefined for an option that is not given, on each level', () => {
    const given = { service: undefined, traceId: undefined, limits: { queueEvents: undefined }, flush: undefined };
    expect(resolveOptions(given, {})).toMatchObject({ service: 'app', limits: { queueEvents: 50_000 } });
  });

  it("takes a function or 'otel' for the trace id", () => {
    expect(resolveOptions({ traceId: 'otel' }, {}).traceId).toBe('otel');
    expect(() => resolveOptions({ traceId: 'zipkin' as 'otel' }, {})).toThrow(
      'option traceId: expected a function or \'otel\', got "zipkin"',
    );
  });

  it('takes a list of URLs, from a variable, too, and no comma of a password for the end of one', () => {
    const urls = ['redis://:a,b@r1:1', 'rediss://r2:2'];
    expect(resolveOptions({ redis: urls }, {}).redis).toEqual(urls);
    expect(resolveOptions({}, { REDIS_URL: urls.join(', ') }).redis).toEqual(urls);
    expect(resolveOptions({}, { REDIS_URL: 'redis://:a,b@r1:1' }).redis).toBe('redis://:a,b@r1:1');
  });

  it.each([[[]], [['redis://r:1', 'r:2']], ['redis://r:1,r:2'], [7]])('refuses %j as Redis', (redis) => {
    expect(messageOf({ redis })).toMatch(
      /^option redis: expected a URL \(redis:\/\/ or rediss:\/\/\) or a list of them, options or a client of ioredis, got (an array|another text|7)$/,
    );
  });

  it.each<[unknown, string]>([
    [{ prefix: 'a b' }, 'option prefix: expected 1 to 64 of A-Z a-z 0-9 . _ -, got "a b"'],
    [{ partitions: 0 }, 'option partitions: expected an integer from 1 to 1024, got 0'],
    [{ userId: 'x' }, 'option userId: expected a function, got "x"'],
    [{ limits: { queueEvents: -1 } }, 'option limits.queueEvents: expected an integer from 1 to 10000000, got -1'],
    [{ limits: { queue: 1 } }, 'option limits.queue: expected one of the documented options, got an unknown one'],
    [{ sample: 1.5 }, 'option sample: expected a number from 0 to 1 or a function, got 1.5'],
    [{ timeoutMs: 0 }, 'option timeoutMs: expected an integer from 1 to 2147483647, got 0'],
    [
      { logger: 'loud' },
      'option logger: expected an object with debug, info, warn and error, like pino, or one of debug, info, warn, error, silent, got "loud"',
    ],
    [{ redsi: 'x' }, 'option redsi: expected one of the documented options, got an unknown one'],
    ['redis://x', 'options: expected an object, got "redis://x"'],
  ])('refuses %j', (options, message) => {
    expect(messageOf(options)).toBe(message);
  });

  it('makes a logger of a level, from the environment, too', () => {
    const isOn = (options: FlowTrackingOptions, env: Record<string, string>, level: string) =>
      resolveOptions(options, env).logger.isLevelEnabled?.(level);
    expect(isOn({}, {}, 'info')).toBe(false);
    expect(isOn({}, {}, 'warn')).toBe(true);
    expect(isOn({}, { FLOW_LOG_LEVEL: 'debug' }, 'debug')).toBe(true);
    expect(isOn({ logger: 'silent' }, { FLOW_LOG_LEVEL: 'debug' }, 'error')).toBe(false);
    expect(messageOf({}, { FLOW_SAMPLE: 'half' })).toContain(
      'FLOW_SAMPLE (option sample): expected a number from 0 to 1',
    );
  });

  it('names the variable that is wrong, and repeats no URL, which may hold a password', () => {
    expect(messageOf({}, { FLOW_PARTITIONS: 'many' })).toBe(
      'FLOW_PARTITIONS (option partitions): expected an integer from 1 to 1024, got "many"',
    );
    expect(messageOf({}, { REDIS_URL: 'http://:secret@r' })).not.toContain('secret');
  });
});
