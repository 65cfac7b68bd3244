import { randomBytes } from 'node:crypto';
import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { redisUrl, uniquePrefix } from '../../../test/support/services';
import { decodeJson } from './decode-json';
import { createTakeSpans } from './take-spans';

const MIB = 1024 * 1024;
const OLD_ENTRIES = 2_000;

let redis: Redis;

beforeAll(() => {
  redis = new Redis(redisUrl());
});

afterAll(async () => {
  await redis.quit();
});

/** How many of the stream's older entries are left when a span has come. */
async function leftBy(streamBytes: number): Promise<number> {
  const keys = redisKeys(uniquePrefix());
  const pipeline = redis.pipeline();
  for (let i = 0; i < OLD_ENTRIES; i++) pipeline.xadd(keys.stream(0), '*', 'events', '[]');
  await pipeline.exec();
  const settings = { identity: { user: [], session: [] }, partitions: 1, memoryS: 60, streamBytes };
  const takeSpans = createTakeSpans({
    redis,
    keys,
    settings,
    recall: () => Promise.resolve(new Map()),
    isMonitored: () => false,
  });
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const nanos = `${Date.now()}000000`;
  const span = { traceId, spanId, name: 'chat', startTimeUnixNano: nanos, endTimeUnixNano: nanos };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  expect(await takeSpans(decodeJson(Buffer.from(body)))).toMatchObject({ taken: 1 });
  return (await redis.xlen(keys.stream(0))) - 1;
}

describe('the option streamBytes', () => {
  it('trims a stream to what so many bytes hold', async () => {
    expect(await leftBy(64 * MIB)).toBe(OLD_ENTRIES);
    // Redis trims whole nodes of a hundred entries.
    const left = await leftBy(MIB);
    expect(left).toBeGreaterThanOrEqual(999);
    expect(left).toBeLessThan(1_200);
  });
});
