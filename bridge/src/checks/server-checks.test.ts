import { redisKeys } from '@flow-tracking/protocol';
import { checkRedis } from './server-checks';

const keys = redisKeys();
const redisThat = (lines: string[], streams: string[] = []) => ({
  info: async () => ['# Server', ...lines, ''].join('\r\n'),
  exists: async (key: string) => (streams.includes(key) ? 1 : 0),
});
const good = ['redis_version:7.2.4', 'maxmemory_policy:noeviction', 'aof_enabled:1'];

describe('checkRedis', () => {
  it('has nothing to say of a Redis that is set up well', async () => {
    expect(await checkRedis(redisThat(good, [keys.stream(3)]), keys, 4)).toEqual([]);
    expect(await checkRedis(redisThat(['redis_version:6.2.0']), keys, 4)).toEqual([]);
  });

  it.each([
    ['evicts', [...good, 'maxmemory_policy:allkeys-lru'], /may evict.*allkeys-lru.*noeviction/],
    ['has no append-only file', [...good, 'aof_enabled:0'], /no append-only file/],
    ['is too old', [...good, 'redis_version:6.0.16'], /older than 6\.2 \(6\.0\.16\)/],
    ['is much too old', [...good, 'redis_version:5.0.7'], /older than 6\.2/],
  ])('warns of a Redis that %s', async (_what, lines, message) => {
    expect(await checkRedis(redisThat(lines), keys, 4)).toEqual([expect.stringMatching(message)]);
  });

  it('warns of streams that nobody reads', async () => {
    expect(await checkRedis(redisThat(good, [keys.stream(4), keys.stream(5)]), keys, 4)).toEqual([
      expect.stringMatching(/flow:stream:\{4\} that no bridge reads: FLOW_PARTITIONS/),
    ]);
  });
});
