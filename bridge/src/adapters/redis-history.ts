import { EVENTS_FIELD, type RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from './redis';

/** One entry of a stream: a block of events as JSON text. Null when the entry holds no such field. */
export interface StreamEntry {
  id: string;
  events: string | null;
}

type RawEntry = [id: string, fields: string[] | null];

/** One partition's stream, seen by one consumer of the group. */
export interface HistoryStream {
  /** Makes stream and group if they are not there. */
  ensureGroup(): Promise<void>;
  /** Entries that no consumer has had yet; waits up to `blockMs` for one. */
  read(count: number, blockMs: number): Promise<StreamEntry[]>;
  /** Entries that this consumer was given and has not settled. */
  readPending(count: number): Promise<StreamEntry[]>;
  /**
   * Takes over entries that a consumer has held for `minIdleMs`: its bridge is gone. Looks on from where the last call
   * stopped, and forgets consumers that are gone and hold nothing.
   */
  claim(count: number, minIdleMs: number): Promise<StreamEntry[]>;
  /** Acknowledges entries and deletes them from the stream. Only after the Postgres commit. */
  settle(ids: readonly string[]): Promise<void>;
  /** Keeps what history can't take, with the reason. */
  bury(events: string, reason: string): Promise<void>;
  /** How much waits, and how many entries were trimmed since anybody asked. */
  measure(): Promise<StreamState>;
}

/** How a stream stands. */
export interface StreamState {
  /** Entries that are not settled. */
  entries: number;
  /** Age of the oldest of them in ms; 0 when there is none. */
  ageMs: number;
  /** Entries trimmed before they were settled, since the last question of any bridge. 0 on a Redis before 7, which can't tell. */
  trimmed: number;
}

/** Entries that `flow:dead` keeps at most, about. */
const DEAD_MAXLEN = 100_000;
/** A consumer that is silent for so long and holds nothing belongs to a bridge that is gone. */
const FORGET_CONSUMER_MS = 3_600_000;

/** Settles entries and counts those that were still there. KEYS: stream, its counts. ARGV: group, ids. */
const SETTLE = `
local group = table.remove(ARGV, 1)
redis.call('XACK', KEYS[1], group, unpack(ARGV))
local deleted = redis.call('XDEL', KEYS[1], unpack(ARGV))
return redis.call('HINCRBY', KEYS[2], 'settled', deleted)`;

/**
 * What was ever added and is neither there nor settled was trimmed. Told as a difference, so that of several bridges one
 * reports it; a stream that began anew begins to count anew. KEYS: stream, its counts.
 */
const MEASURE = `
if redis.call('EXISTS', KEYS[1]) == 0 then return {0, '', 0} end
local entries = redis.call('XLEN', KEYS[1])
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
local oldest = first[1] and first[1][1] or ''
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'entries-added' then
    local known = redis.call('HMGET', KEYS[2], 'settled', 'trimmed')
    local gone = info[i + 1] - entries - (known[1] or 0)
    local before = tonumber(known[2] or 0)
    if gone < before then
      redis.call('HSET', KEYS[2], 'settled', info[i + 1] - entries, 'trimmed', 0)
      return {entries, oldest, 0}
    end
    redis.call('HSET', KEYS[2], 'trimmed', gone)
    return {entries, oldest, gone - before}
  end
end
return {entries, oldest, 0}`;

function toEntries(raw: readonly RawEntry[]): StreamEntry[] {
  return raw.map(([id, fields]) => {
    // Null fields: the entry was deleted or trimmed while it was pending.
    const at = fields?.indexOf(EVENTS_FIELD) ?? -1;
    return { id, events: at === -1 ? null : (fields?.[at + 1] ?? null) };
  });
}

/**
 * @param blocking a client of this reader alone, since a blocked read holds it
 * @param commands a shared client for everything that answers at once
 */
export function createHistoryStream(options: {
  blocking: RedisClient;
  commands: RedisClient;
  keys: RedisKeys;
  partition: number;
  consumer: string;
}): HistoryStream {
  const { blocking, commands, keys, consumer } = options;
  const stream = keys.stream(options.partition);
  const counts = keys.streamCounts(options.partition);
  const { group } = keys;
  let claimCursor = '0-0';

  const readFrom = async (id: string, count: number): Promise<StreamEntry[]> => {
    const reply = await commands.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, id);
    return toEntries(reply?.[0]?.[1] ?? []);
  };

  const forgetConsumers = async (): Promise<void> => {
    const consumers = (await commands.xinfo('CONSUMERS', stream, group)) as unknown[][];
    for (const flat of consumers) {
      const of = (field: string): unknown => flat[flat.indexOf(field) + 1];
      const name = String(of('name'));
      if (name === consumer || Number(of('pending')) > 0 || Number(of('idle')) < FORGET_CONSUMER_MS) continue;
      await commands.xgroup('DELCONSUMER', stream, group, name);
    }
  };

  return {
    async ensureGroup() {
      try {
        await commands.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
      } catch (error) {
        if (!String(error).includes('BUSYGROUP')) throw error;
      }
    },
    async read(count, blockMs) {
      const reply = await blocking.xreadgroup(
        'GROUP',
        group,
        consumer,
        'COUNT',
        count,
        'BLOCK',
        blockMs,
        'STREAMS',
        stream,
        '>',
      );
      return toEntries(reply?.[0]?.[1] ?? []);
    },
    readPending: (count) => readFrom('0', count),
    async claim(count, minIdleMs) {
      const reply = await commands.xautoclaim(stream, group, consumer, minIdleMs, claimCursor, 'COUNT', count);
      const [cursor, entries] = reply as [cursor: string, entries: RawEntry[]];
      claimCursor = cursor;
      if (cursor === '0-0') await forgetConsumers();
      return toEntries(entries);
    },
    async settle(ids) {
      if (ids.length === 0) return;
      await commands.eval(SETTLE, 2, stream, counts, group, ...ids);
    },
    async bury(events, reason) {
      await commands.xadd(
        keys.dead,
        'MAXLEN',
        '~',
        DEAD_MAXLEN,
        '*',
        EVENTS_FIELD,
        events,
        'reason',
        reason,
        'stream',
        stream,
        'at',
        String(Date.now()),
      );
    },
    async measure() {
      const reply = await commands.eval(MEASURE, 2, stream, counts);
      const [entries, oldest, trimmed] = reply as [entries: number, oldest: string, trimmed: number];
      const addedTs = oldest === '' ? Date.now() : Number(oldest.split('-', 1)[0]);
      return { entries, ageMs: Math.max(0, Date.now() - addedTs), trimmed };
    },
  };
}
