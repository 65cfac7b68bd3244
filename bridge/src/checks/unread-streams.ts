import type { RedisKeys } from '@flow-tracking/protocol';
import { fail, ok, type Finding } from './check';

/** Streams beyond the last partition that are looked for. */
const STREAMS_BEYOND = 8;

/** A middleware with more partitions than the bridges writes into streams that nobody reads. */
export async function judgeUnreadStreams(
  redis: { exists(key: string): Promise<number> },
  keys: RedisKeys,
  partitions: number,
): Promise<Finding> {
  for (let partition = partitions; partition < partitions + STREAMS_BEYOND; partition++) {
    if ((await redis.exists(keys.stream(partition))) === 0) continue;
    return fail(
      `There is a stream ${keys.stream(partition)} that no bridge reads: FLOW_PARTITIONS is less than the middleware's`,
      `Give bridges and middlewares the same FLOW_PARTITIONS; here it is ${partitions}`,
    );
  }
  return ok(`${partitions} partitions, and no stream beyond them`);
}
