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
  /** Takes over entries that a consumer has held for `minIdleMs`: its bridge is gone. */
  claim(count: number, minIdleMs: number): Promise<StreamEntry[]>;
  /** Acknowledges entries and deletes them from the stream. Only after the Postgres commit. */
  settle(ids: readonly string[]): Promise<void>;
  /** Keeps what history can't take, with the reason. */
  bury(events: string, reason: string): Promise<void>;
}

/** Entries that `flow:dead` keeps at most, about. */
const DEAD_MAXLEN = 100_000;

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
  const { group } = keys;

  const readFrom = async (id: string, count: number): Promise<StreamEntry[]> => {
    const reply = await commands.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, id);
    return toEntries(reply?.[0]?.[1] ?? []);
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
      const reply = (await commands.xautoclaim(stream, group, consumer, minIdleMs, '0', 'COUNT', count)) as [
        cursor: string,
        entries: RawEntry[],
      ];
      return toEntries(reply[1]);
    },
    async settle(ids) {
      if (ids.length === 0) return;
      const results = await commands
        .pipeline()
        .xack(stream, group, ...ids)
        .xdel(stream, ...ids)
        .exec();
      // A pipeline resolves even when its commands failed.
      for (const [error] of results ?? []) if (error !== null) throw error;
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
  };
}
