import { createGuessLimit } from './guess-limit';

describe('createGuessLimit', () => {
  let at = 0;
  const limitOf = (failuresPerMinute: number) => createGuessLimit({ failuresPerMinute, now: () => at });

  it('makes an address wait once it has failed too often, for the rest of the minute', () => {
    const limit = limitOf(2);
    at = 1_000;
    limit.failed('192.0.2.1');
    at = 11_000;
    expect(limit.waitS('192.0.2.1', 'x')).toBe(0);
    limit.failed('192.0.2.1');
    expect(limit.waitS('192.0.2.1', 'x')).toBe(50);
    expect(limit.waitS('192.0.2.2', 'x')).toBe(0);
    at = 61_000;
    expect(limit.waitS('192.0.2.1', 'x')).toBe(0);
  });

  it('counts anew once the minute is over', () => {
    const limit = limitOf(2);
    at = 1_000;
    for (let i = 0; i < 2; i++) limit.failed('192.0.2.1');
    at = 61_000;
    limit.failed('192.0.2.1');
    expect(limit.waitS('192.0.2.1', 'x')).toBe(0);
    limit.failed('192.0.2.1');
    expect(limit.waitS('192.0.2.1', 'x')).toBe(60);
  });

  it('lets in a token that was good from there before, and no other', () => {
    const limit = limitOf(1);
    limit.succeeded('192.0.2.1', 'good');
    limit.failed('192.0.2.1');
    expect(limit.waitS('192.0.2.1', 'good')).toBe(0);
    expect(limit.waitS('192.0.2.1', 'other')).toBeGreaterThan(0);
    limit.failed('192.0.2.2');
    expect(limit.waitS('192.0.2.2', 'good')).toBeGreaterThan(0);
  });

  it('takes the addresses of one IPv6 network for one', () => {
    const limit = limitOf(1);
    limit.failed('2001:db8:0:1::1');
    expect(limit.waitS('2001:db8:0:1::2', 'x')).toBeGreaterThan(0);
    expect(limit.waitS('2001:db8:ffff::1', 'x')).toBe(0);
  });

  it('lets in 32 good tokens of one address, whichever comes again', () => {
    const limit = limitOf(1);
    const digests = Array.from({ length: 32 }, (_, i) => `good-${i}`);
    const waiting = (): string[] => digests.filter((digest) => limit.waitS('192.0.2.1', digest) > 0);
    for (const digest of [...digests, 'good-0']) limit.succeeded('192.0.2.1', digest);
    limit.failed('192.0.2.1');
    expect(waiting()).toEqual([]);
    limit.succeeded('192.0.2.1', 'one-more');
    expect(waiting()).toEqual(digests);
    expect(limit.waitS('192.0.2.1', 'one-more')).toBe(0);
  });

  it('forgets the oldest of more than 10,000 addresses', () => {
    const limit = limitOf(1);
    for (let i = 0; i < 10_000; i++) limit.failed(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(limit.waitS('10.0.0.0', 'x')).toBeGreaterThan(0);
    limit.failed('10.0.39.16');
    expect(limit.waitS('10.0.0.0', 'x')).toBe(0);
    expect(limit.waitS('10.0.39.16', 'x')).toBeGreaterThan(0);
  });
});
