import { ipKeyGenerator } from 'express-rate-limit';

const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;
const MAX_DIGESTS = 32;

/** Keeps tokens from being guessed at speed. */
export interface GuessLimit {
  /**
   * Whole seconds that this address must wait before it may try a token, or 0. A token that was good from there before
   * is no guess and never waits: Grafana's proxy is one address for all its users, and must not be locked out by one.
   * Tokens are given as their digests.
   */
  waitS(address: string, digest: string): number;
  succeeded(address: string, digest: string): void;
  failed(address: string): void;
}

interface Visitor {
  failures: number;
  windowEndsAt: number;
  goodDigests: Set<string>;
}

/**
 * @param options.failuresPerMinute wrong tokens that one address (IPv6: one /56) may send
 * @param options.now the clock, in ms
 */
export function createGuessLimit(options: { failuresPerMinute: number; now?: () => number }): GuessLimit {
  const { failuresPerMinute, now = Date.now } = options;
  const visitors = new Map<string, Visitor>();

  const visitorOf = (address: string): Visitor => {
    const key = ipKeyGenerator(address);
    let visitor = visitors.get(key);
    if (visitor === undefined) {
      visitor = { failures: 0, windowEndsAt: 0, goodDigests: new Set() };
      visitors.set(key, visitor);
      const [oldest = key] = visitors.keys();
      if (visitors.size > MAX_ADDRESSES) visitors.delete(oldest);
    }
    if (visitor.windowEndsAt <= now()) visitor.failures = 0;
    return visitor;
  };

  return {
    waitS(address, digest) {
      const visitor = visitorOf(address);
      if (visitor.failures < failuresPerMinute || visitor.goodDigests.has(digest)) return 0;
      return Math.ceil((visitor.windowEndsAt - now()) / 1_000);
    },
    succeeded(address, digest) {
      const { goodDigests } = visitorOf(address);
      if (goodDigests.size >= MAX_DIGESTS && !goodDigests.has(digest)) goodDigests.clear();
      goodDigests.add(digest);
    },
    failed(address) {
      const visitor = visitorOf(address);
      if (visitor.failures === 0) visitor.windowEndsAt = now() + WINDOW_MS;
      visitor.failures += 1;
    },
  };
}
