import { FlowTrackingError } from './errors';
import { resolveOptions, type FlowTrackingOptions } from './options';

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
      flush: { liveMs: 5, idleMs: 75 },
    });
  });

  it('reads the environment for what the options leave out', () => {
    const env = { REDIS_URL: 'redis://r:1', REDIS_ENABLED: 'false', FLOW_SERVICE: 'chat', FLOW_PARTITIONS: '8' };
    expect(resolveOptions({ service: 'mine' }, env)).toMatchObject({
      redis: 'redis://r:1',
      enabled: false,
      service: 'mine',
      partitions: 8,
    });
  });

  it.each<[unknown, string]>([
    [{ prefix: 'a b' }, 'option prefix: expected 1 to 64 of A-Z a-z 0-9 . _ -, got "a b"'],
    [{ partitions: 0 }, 'option partitions: expected an integer from 1 to 1024, got 0'],
    [{ userId: 'x' }, 'option userId: expected a function, got "x"'],
    [{ limits: { queueEvents: -1 } }, 'option limits.queueEvents: expected an integer from 1 to 10000000, got -1'],
    [{ limits: { queue: 1 } }, 'option limits.queue: expected one of the documented options, got an unknown one'],
    [{ redsi: 'x' }, 'option redsi: expected one of the documented options, got an unknown one'],
    ['redis://x', 'options: expected an object, got "redis://x"'],
  ])('refuses %j', (options, message) => {
    expect(messageOf(options)).toBe(message);
  });

  it('names the variable that is wrong, and repeats no URL, which may hold a password', () => {
    expect(messageOf({}, { FLOW_PARTITIONS: 'many' })).toBe(
      'FLOW_PARTITIONS (option partitions): expected an integer from 1 to 1024, got "many"',
    );
    expect(messageOf({}, { REDIS_URL: 'http://:secret@r' })).not.toContain('secret');
  });
});
