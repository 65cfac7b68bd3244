import { EVENTS_FIELD, type RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from '../platform/redis/client';

/** One entry of a stream: a block of events as JSON text. Null when the entry holds no such field. */
export interface StreamEntry {
  id: string;
  events: string | null;
  /** Bytes of the whole text. */
  bytes: number;
  /** True when the entry is larger than a bridge takes in: `events` is only its beginning. */
  isCut: boolean;
}

/** What one read brings at most; at least one entry, if there is one. */
export interface ReadLimit {
  entries: number;
  /** Entries are added, a few at a time, until their bytes come to this. */
  bytes: number;
}

/** One partition's stream, seen by one consumer of the group. */
export interface HistoryStream {
  readonly name: string;
  /** Makes stream and group if they are not there. */
  ensureGroup(): Promise<void>;
  /** Entries that no consumer has had yet; waits up to `blockMs` for one. */
  read(limit: ReadLimit, blockMs: number): Promise<StreamEntry[]>;
  /** Entries that this consumer was given and has not settled, the oldest first. */
  readPending(limit: ReadLimit): Promise<StreamEntry[]>;
  /**
   * Takes over entries that a consumer has held for `minIdleMs`: its bridge is gone. Looks on from where the last call
   * stopped, and forgets consumers that are gone and hold nothing.
   *
   * @returns ids, to be fetched
   */
  claim(count: number, minIdleMs: number): Promise<string[]>;
  /** Entries by id, as many of the first ones as the limit allows. */
  fetch(ids: readonly string[], limit: ReadLimit): Promise<StreamEntry[]>;
  /** Acknowledges entries and deletes them from the stream. Only after the Postgres commit. */
  settle(ids: readonly string[]): Promise<void>;
  /** How much waits, and how many entries were trimmed since anybody asked. */
  measure(): Promise<StreamState>;
  /** Id of the entry that was added last; `0-0` when there never was one. */
  lastId(): Promise<string>;
  /** Whether every entry up to this id is settled, or trimmed. */
  hasSettled(id: string): Promise<boolean>;
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

/** A consumer that is silent for so long and holds nothing belongs to a bridge that is gone. */
const FORGET_CONSUMER_MS = 3_600_000;
/** An entry beyond this is no middleware's: only its beginning is read, so that it can't take the bridge's memory. */
const MAX_ENTRY_BYTES = 32 * 1024 * 1024;
/** How much is read of such an entry. */
const CUT_BYTES = 64 * 1024;

/** Adds an entry, as a command replies it, to `entries`. */
const COLLECT = `
local entries, bytes = {}, 0
local function collect(entry)
  local text = false
  local fields = entry[2] or {}
  for i = 1, #fields, 2 do
    if fields[i] == '${EVENTS_FIELD}' then text = fields[i + 1] break end
  end
  local size = text and #text or 0
  if size > ${MAX_ENTRY_BYTES} then text = string.sub(text, 1, ${CUT_BYTES}) end
  entries[#entries + 1] = {entry[1], text, size}
  bytes = bytes + size
end`;

/** Entries that a step of a read takes, once it is known that they are small. */
const STEP_ENTRIES = 8;

/**
 * Reads in small steps until one of the limits is reached, since COUNT knows no bytes. KEYS: stream. ARGV: group,
 * consumer, '>' or '0', entries, bytes.
 */
const READ = `${COLLECT}
local from, count, limit = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
while #entries < count and bytes < limit do
  local mean = #entries == 0 and limit or math.max(1, bytes / #entries)
  local step = math.max(1, math.min(${STEP_ENTRIES}, count - #entries, math.floor((limit - bytes) / mean)))
  local reply = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', step, 'STREAMS', KEYS[1], from)
  local page = reply and reply[1] and reply[1][2] or {}
  for _, entry in ipairs(page) do collect(entry) end
  if #page < step then break end
  if from ~= '>' then from = page[#page][1] end
end
return entries`;

/** KEYS: stream. ARGV: bytes, ids. An entry that is gone has no text. */
const FETCH = `${COLLECT}
local limit = tonumber(table.remove(ARGV, 1))
for _, id in ipairs(ARGV) do
  if bytes >= limit then break end
  collect(redis.call('XRANGE', KEYS[1], id, id)[1] or {id})
end
return entries`;

/**
 * Settles entries and counts those that were still there; without the count, if Redis refuses that. KEYS: stream, its
 * counts. ARGV: group, ids.
 */
const SETTLE = `
local group = table.remove(ARGV, 1)
redis.call('XACK', KEYS[1], group, unpack(ARGV))
local deleted = redis.call('XDEL', KEYS[1], unpack(ARGV))
redis.pcall('HINCRBY', KEYS[2], 'settled', deleted)
return deleted`;

/**
 * trimmed = added − present − settled. Told as a difference, so that of several bridges one reports it; a stream that
 * began anew begins to count anew. A Redis that is full refuses to note the difference: then it is told later. KEYS:
 * stream, its counts.
 */
const MEASURE = `
if redis.call('EXISTS', KEYS[1]) == 0 then return {0, '', 0} end
local entries = redis.call('XLEN', KEYS[1])
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
local oldest = first[1] and first[1][1] or ''
local function note(...)
  local reply = redis.pcall('HSET', KEYS[2], ...)
  return type(reply) == 'number'
end
local known = redis.pcall('HMGET', KEYS[2], 'settled', 'trimmed')
if known.err then return {entries, oldest, 0} end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'entries-added' then
    local gone = info[i + 1] - entries - (known[1] or 0)
    local before = tonumber(known[2] or 0)
    if gone < before then
      note('settled', info[i + 1] - entries, 'trimmed', 0)
      return {entries, oldest, 0}
    end
    if gone == before or not note('trimmed', gone) then return {entries, oldest, 0} end
    return {entries, oldest, gone - before}
  end
end
return {entries, oldest, 0}`;

type RawEntry = [id: string, fields: string[] | null];
type ScriptEntry = [id: string, events: string | null, bytes: number];

function fromScript(raw: readonly ScriptEntry[]): StreamEntry[] {
  return raw.map(([id, events, bytes]) => ({ id, events, bytes, isCut: bytes > MAX_ENTRY_BYTES }));
}

function fromCommand([id, fields]: RawEntry): StreamEntry {
  const at = fields?.indexOf(EVENTS_FIELD) ?? -1;
  const events = at === -1 ? null : (fields?.[at + 1] ?? null);
  return { id, events, bytes: events?.length ?? 0, isCut: false };
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

  const readFrom = async (from: '>' | '0', limit: ReadLimit): Promise<StreamEntry[]> => {
    const reply = await commands.eval(READ, 1, stream, group, consumer, from, limit.entries, limit.bytes);
    return fromScript(reply as ScriptEntry[]);
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
    name: stream,
    async ensureGroup() {
      try {
        await commands.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
      } catch (error) {
        if (!String(error).includes('BUSYGROUP')) throw error;
      }
    },
    async read(limit, blockMs) {
      const waiting = await readFrom('>', limit);
      if (waiting.length > 0) return waiting;
      const reply = await blocking.xreadgroup(
        'GROUP',
        group,
        consumer,
        'COUNT',
        1,
        'BLOCK',
        blockMs,
        'STREAMS',
        stream,
        '>',
      );
      return ((reply?.[0]?.[1] ?? []) as RawEntry[]).map(fromCommand);
    },
    readPending: (limit) => readFrom('0', limit),
    async claim(count, minIdleMs) {
      const reply = await commands.xautoclaim(
        stream,
        group,
        consumer,
        minIdleMs,
        claimCursor,
        'COUNT',
        count,
        'JUSTID',
      );
      const [cursor, ids] = reply as [cursor: string, ids: string[]];
      claimCursor = cursor;
      if (cursor === '0-0') await forgetConsumers();
      return ids;
    },
    async fetch(ids, limit) {
      if (ids.length === 0) return [];
      const some = ids.slice(0, limit.entries);
      return fromScript((await commands.eval(FETCH, 1, stream, limit.bytes, ...some)) as ScriptEntry[]);
    },
    async settle(ids) {
      if (ids.length === 0) return;
      await commands.eval(SETTLE, 2, stream, counts, group, ...ids);
    },
    async measure() {
      const reply = await commands.eval(MEASURE, 2, stream, counts);
      const [entries, oldest, trimmed] = reply as [entries: number, oldest: string, trimmed: number];
      const addedTs = oldest === '' ? Date.now() : Number(oldest.split('-', 1)[0]);
      return { entries, ageMs: Math.max(0, Date.now() - addedTs), trimmed };
    },
    async lastId() {
      if ((await commands.exists(stream)) === 0) return '0-0';
      const info = (await commands.xinfo('STREAM', stream)) as unknown[];
      return String(info[info.indexOf('last-generated-id') + 1]);
    },
    async hasSettled(id) {
      return (await commands.xrange(stream, '-', id, 'COUNT', 1)).length === 0;
    },
  };
}
