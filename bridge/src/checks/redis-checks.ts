import type { Check, RedisKeys } from '@flow-tracking/protocol';
import type { PartitionLag } from '../ingest/stream-watch';
import { fail, makeChecks, ok, warn, type Finding } from './check';
import type { RedisInspection } from './redis-inspection';
import { judgeMemoryPolicy, judgePersistence, judgeRedisVersion, parseRedisInfo } from './redis-settings';
import { judgeUnreadStreams } from './unread-streams';

/** History that is behind by less is on its way. */
const LAG_WARN_MS = 10_000;
const LAG_FAIL_MS = 60_000;
/** A recording process sends a heartbeat every 30 s. */
const SILENT_MS = 90_000;

const SEE_REDIS = 'See the log of Redis, and whether its user may run this command (ACL)';

export interface RedisCheckSources {
  redis: RedisInspection;
  keys: RedisKeys;
  partitions: number;
  /** What waits in each stream that can be measured. */
  lag: () => Promise<readonly PartitionLag[]>;
}

/** Redis itself, the streams in it, and who writes to them. */
export function checkRedisChain({ redis, keys, partitions, lag }: RedisCheckSources): Promise<Check[]> {
  const info = once(async () => parseRedisInfo(await redis.info()));
  const streams = once(() =>
    Promise.all(Array.from({ length: partitions }, (_, partition) => redis.stream(partition))),
  );
  return makeChecks([
    {
      id: 'redis_reachable',
      title: 'Redis answers',
      fix: 'Start Redis, and set REDIS_URL of the bridge to where it is, with its password',
      async look() {
        const startedAt = performance.now();
        await redis.ping();
        return ok(`Redis answers in ${(performance.now() - startedAt).toFixed(1)} ms`);
      },
    },
    {
      id: 'redis_version',
      title: 'Version of Redis',
      fix: SEE_REDIS,
      look: async () => judgeRedisVersion(await info()),
    },
    {
      id: 'redis_memory_policy',
      title: 'Redis keeps what it was given',
      fix: SEE_REDIS,
      look: async () => judgeMemoryPolicy(await info()),
    },
    {
      id: 'redis_persistence',
      title: 'Redis writes to disk',
      fix: SEE_REDIS,
      look: async () => judgePersistence(await info()),
    },
    {
      id: 'streams',
      title: 'Streams are there',
      fix: 'A key of another type has the name of a stream: remove it, or give this environment a FLOW_PREFIX of its own',
      async look() {
        const missing = (await streams()).filter(({ exists }) => !exists).map(({ name }) => name);
        if (missing.length === 0) return judgeUnreadStreams(redis, keys, partitions);
        return fail(
          `Missing: ${missing.join(', ')}`,
          'The bridge makes them again within seconds; if they stay away, see its log and the rights of its Redis user',
        );
      },
    },
    {
      id: 'stream_groups',
      title: 'The bridges’ group reads them',
      fix: 'See the check "streams"',
      async look() {
        const all = (await streams()).filter(({ exists }) => exists);
        const without = all.filter(({ group }) => group === undefined).map(({ name }) => name);
        if (without.length > 0) {
          return fail(
            `No group ${keys.group} on ${without.join(', ')}`,
            'The bridge makes it again within seconds; if it stays away, see its log and the rights of its Redis user',
          );
        }
        const pending = all.reduce((sum, { group }) => sum + (group?.pending ?? 0), 0);
        const consumers = Math.max(0, ...all.map(({ group }) => group?.consumers ?? 0));
        const who = `${consumers} ${consumers === 1 ? 'consumer' : 'consumers'}`;
        return ok(`Group ${keys.group}: at most ${who} a stream, ${pending} entries being written`);
      },
    },
    {
      id: 'stream_lag',
      title: 'History keeps up with the streams',
      fix: 'See the log of the bridge',
      look: async () => judgeLag(await lag(), partitions),
    },
    {
      id: 'dead_letters',
      title: 'No events were refused',
      fix: SEE_REDIS,
      async look() {
        const count = await redis.deadLetters();
        if (count === 0) return ok('None was refused');
        return warn(
          `${count} blocks of events were refused by Postgres; they are in the stream ${keys.dead}, each with its reason`,
          `Read them by XRANGE ${keys.dead} - + COUNT 10, and delete them when they are understood`,
        );
      },
    },
    {
      id: 'middlewares',
      title: 'Applications record',
      fix: SEE_REDIS,
      look: async () => judgeHeartbeats(await redis.heartbeats(), keys),
    },
  ]);
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read());
}

function judgeLag(lags: readonly PartitionLag[], partitions: number): Finding {
  const unread = partitions - lags.length;
  if (unread > 0) return fail(`${unread} of ${partitions} streams can not be measured`, 'See the check "streams"');
  const entries = lags.reduce((sum, lag) => sum + lag.entries, 0);
  const ms = Math.max(0, ...lags.map((lag) => lag.ms));
  const detail =
    entries === 0 ? 'Nothing waits' : `${entries} entries wait, the oldest for ${(ms / 1_000).toFixed(1)} s`;
  if (ms < LAG_WARN_MS) return ok(detail);
  const fix =
    'See the check "history_writer"; when Postgres is well, it is busy: add bridges, or look at its slow queries';
  return ms < LAG_FAIL_MS ? warn(detail, fix) : fail(detail, fix);
}

/** Clocks may be off, and a process may have been stopped on purpose: so this only warns. */
function judgeHeartbeats(signs: readonly number[], keys: RedisKeys): Finding {
  const alive = signs.filter((ts) => Date.now() - ts < SILENT_MS).length;
  if (alive > 0) return ok(`${alive} ${alive === 1 ? 'process has' : 'processes have'} sent a heartbeat of late`);
  const [latest] = signs;
  return warn(
    latest === undefined
      ? `No application has ever recorded into this Redis under ${keys.processes}`
      : `No application records: the last heartbeat is of ${new Date(latest).toISOString()}`,
    'Start the application, and give its flowTracking() the same REDIS_URL and FLOW_PREFIX as the bridge; its log says ' +
      'why when it can not connect',
  );
}
