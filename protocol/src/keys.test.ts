import { redisKeys } from './keys';

describe('redisKeys', () => {
  it('puts everything under the prefix', () => {
    const keys = redisKeys('staging');
    expect(keys.stream(2)).toBe('staging:stream:{2}');
    expect(keys.live('123')).toBe('staging_events:123');
    expect(keys.monitoring).toBe('staging:monitoring');
    // Of a cluster the slot is that of what is in braces: the dead letters' own.
    expect([keys.dead, keys.deadSize]).toEqual(['staging:dead', '{staging:dead}:size']);
  });

  it.each(['123', '*', 'a?b', '[a]', 'a:b', '%00', 'ü\r\n', "'; DROP"])('names a channel for %p and back', (user) => {
    const keys = redisKeys();
    expect(keys.live(user).slice('flow_events:'.length)).toMatch(/^[\w%.!~'()*-]+$/);
    expect(keys.liveUser(keys.live(user))).toBe(user);
  });

  it('does not throw on a lone surrogate, nor on a foreign channel', () => {
    expect(redisKeys().live('\ud800')).toBe('flow_events:%EF%BF%BD');
    expect(redisKeys().liveUser('flow_events:%ff')).toBeUndefined();
    expect(redisKeys().liveUser('other:1')).toBeUndefined();
  });
});
