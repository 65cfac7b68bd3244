import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { redisUrl, uniquePrefix } from '../../../test/support/services';
import { createDeadLetters } from './dead-letter-stream';

const MAX_BYTES = 1024 * 1024;
const keys = redisKeys(uniquePrefix());
let redis: Redis;

beforeAll(() => {
  redis = new Redis(redisUrl());
});

afterEach(() => redis.del(keys.dead, keys.deadSize));

afterAll(() => redis.quit());

const letter = (events: string) => ({ events, reason: 'no event', stream: keys.stream(0) });
const create = () => createDeadLetters({ commands: redis, keys, maxBytes: MAX_BYTES });

/** Text bytes of all letters, and the bytes that the size beside the stream tells. */
async function bytesHeld(): Promise<{ texts: number; noted: number }> {
  const letters = await redis.xrange(keys.dead, '-', '+');
  const texts = letters.flatMap(([, fields]) => fields).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { texts, noted: Number(await redis.hget(keys.deadSize, 'bytes')) };
}

describe('add', () => {
  it('keeps to the bytes of all letters, the newest ones, with several bridges', async () => {
    const bridges = [create(), create(), create()];
    const added = Array.from({ length: 90 }, (_, i) => bridges[i % 3]!.add(letter(`${i}:`.padEnd(30_000, 'x'))));
    const evicted = (await Promise.all(added)).reduce((sum, kept) => sum + kept.evicted, 0);
    const { texts, noted } = await bytesHeld();
    expect(texts).toBeGreaterThan(MAX_BYTES - 64_000);
    expect(texts).toBeLessThanOrEqual(MAX_BYTES);
    expect(noted).toBeLessThanOrEqual(MAX_BYTES);
    expect(noted).toBeGreaterThanOrEqual(texts);
    expect(evicted).toBe(90 - (await redis.xlen(keys.dead)));
    const [newest] = await redis.xrevrange(keys.dead, '+', '-', 'COUNT', 1);
    expect(newest?.[1][1]).toMatch(/^89:/);
  });

  it('cuts a long text at a character, and says how long it was', async () => {
    const text = 'é'.repeat(100_000);
    await create().add(letter(text));
    const [entry] = await redis.xrange(keys.dead, '-', '+');
    const fields = entry?.[1] ?? [];
    expect(fields[1]).toBe('é'.repeat((65 * 1024) / 2));
    expect(fields.slice(-2)).toEqual(['cut_from_bytes', '200000']);
  });

  it('keeps an event of the largest regular size whole', async () => {
    const text = `[${'x'.repeat(64 * 1024)}]`;
    await create().add(letter(text));
    const [entry] = await redis.xrange(keys.dead, '-', '+');
    expect(entry?.[1][1]).toBe(text);
    expect(entry?.[1]).not.toContain('cut_from_bytes');
  });

  it('counts anew after letters were removed by hand, or came from a version that did not count', async () => {
    await redis.xadd(keys.dead, '*', 'events', 'x'.repeat(900_000), 'reason', 'old');
    const dead = create();
    expect(await dead.add(letter('y'.repeat(60_000)))).toEqual({ refused: undefined, evicted: 0 });
    expect(await dead.add(letter('y'.repeat(60_000)))).toEqual({ refused: undefined, evicted: 0 });
    const [first] = await redis.xrange(keys.dead, '-', '+', 'COUNT', 1);
    await redis.xdel(keys.dead, first![0]);
    await dead.add(letter('z'));
    const { texts, noted } = await bytesHeld();
    expect(texts).toBeLessThan(130_000);
    expect(noted).toBeLessThan(130_000);
  });

  it('says why Redis refuses a letter for good', async () => {
    await redis.set(keys.dead, 'no stream');
    const { refused, evicted } = await create().add(letter('x'));
    expect(refused?.message).toContain('WRONGTYPE');
    expect(evicted).toBe(0);
  });
});

describe('list', () => {
  it('pages through letters', async () => {
    const dead = create();
    for (const text of ['a', 'b', 'c']) await dead.add(letter(text));
    const page = await dead.list('-', 2);
    expect(page.map(({ events }) => events)).toEqual(['a', 'b']);
    expect((await dead.list(page[1]!.id, 2)).map(({ events }) => events)).toEqual(['c']);
    await dead.remove(page.map(({ id }) => id));
    expect((await dead.list('-', 9)).map(({ events }) => events)).toEqual(['c']);
  });
});
