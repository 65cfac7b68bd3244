import { EVENTS_FIELD, type RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from '../platform/redis/client';
import { FETCH, MAX_ENTRY_BYTES, MEASURE, READ, SETTLE } from './history-scripts';

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
      const [entries, oldest, trimmed, nowTs] = reply as [number, string, number, number];
      const addedTs = oldest === '' ? nowTs : Number(oldest.split('-', 1)[0]);
      return { entries, ageMs: Math.max(0, nowTs - addedTs), trimmed };
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
