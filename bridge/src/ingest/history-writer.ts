import { messageOf } from '../errors';
import { createBackOff } from '../platform/back-off';
import { createEntryWriter } from './entry-writer';
import type { BatchOptions } from './history-batch';
import type { HistoryStream, ReadLimit, StreamEntry } from './history-stream';
import type { ProcessPartitions } from './process-partitions';

/** How long a read waits for news: also the longest that a clean stop takes. */
export const BLOCK_MS = 1_000;
/** An entry held for longer belongs to a bridge that is gone. */
const CLAIM_IDLE_MS = 15_000;
const CLAIM_EVERY_MS = 5_000;
/** Entries taken over, or read again, at once. */
const PENDING_COUNT = 100;

/** Events that a read is to bring, about: one transaction's worth. */
const TARGET_EVENTS = 2_000;
const MAX_COUNT = 500;
/** What is written and what is read ahead: each is this, and a few more entries at most. */
const READ_BYTES = 4 * 1024 * 1024;
/** Weight of the latest entries in the average. */
const AVERAGE_WEIGHT = 0.2;

const PENDING: ReadLimit = { entries: PENDING_COUNT, bytes: READ_BYTES };

/** How many entries to read: they hold one event or thousands, whatever the middlewares flush. */
function createReadLimit() {
  let eventsPerEntry = 10;
  return {
    get: (): ReadLimit => ({
      entries: Math.min(MAX_COUNT, Math.max(1, Math.round(TARGET_EVENTS / eventsPerEntry))),
      bytes: READ_BYTES,
    }),
    learn(entries: number, events: number) {
      if (entries > 0) eventsPerEntry += (Math.max(1, events / entries) - eventsPerEntry) * AVERAGE_WEIGHT;
    },
  };
}

/** Reads ahead: the next entries are on their way while the last ones are written. */
function createReader(stream: HistoryStream, limit: () => ReadLimit) {
  let ahead: Promise<StreamEntry[]> | undefined;
  const begin = (): Promise<StreamEntry[]> => {
    const reading = stream.read(limit(), BLOCK_MS);
    // Looked at when it is taken; until then its failure is nobody's.
    reading.catch(() => undefined);
    return reading;
  };
  return {
    async take(signal: AbortSignal): Promise<StreamEntry[]> {
      const entries = await (ahead ?? begin());
      ahead = signal.aborted ? undefined : begin();
      return entries;
    },
    /** What was read ahead, and no more. */
    rest: async (): Promise<StreamEntry[]> => (await ahead) ?? [],
    /** What was read ahead stays pending, to be read again. */
    async drop(): Promise<void> {
      await ahead?.catch(() => undefined);
      ahead = undefined;
    },
  };
}

/**
 * Moves one partition's stream into Postgres until the signal aborts; then it writes what it has read, and returns.
 * Entries are acknowledged only after the commit: whatever fails in between is read again and changes nothing the second
 * time. While Redis or Postgres is away it stops reading and backs off, so the stream holds what comes meanwhile.
 */
export async function runHistoryWriter(
  options: BatchOptions & { processes: ProcessPartitions },
  signal: AbortSignal,
): Promise<void> {
  const { stream, partition, failures, logger, counts } = options;
  const writing = { work: 'history_write', partition } as const;
  const claiming = { work: 'history_claim', partition } as const;
  const backOff = createBackOff(signal);
  const readLimit = createReadLimit();
  const reader = createReader(stream, readLimit.get);
  const writeEntries = createEntryWriter(options);
  let ready = false;
  let nextClaimAt = 0;

  const write = async (entries: readonly StreamEntry[]): Promise<void> => {
    readLimit.learn(entries.length, await writeEntries(entries));
  };

  const recover = async (): Promise<void> => {
    await reader.drop();
    await stream.ensureGroup();
    // What was read before a failure is still pending for this consumer.
    for (;;) {
      const pending = await stream.readPending(PENDING);
      if (pending.length === 0) break;
      await write(pending);
    }
    ready = true;
  };

  /** Ids of entries taken over. When that can not be done, the bridge's own entries do not wait for it. */
  const claim = async (): Promise<string[]> => {
    nextClaimAt = Date.now() + CLAIM_EVERY_MS;
    try {
      const ids = await stream.claim(PENDING_COUNT, CLAIM_IDLE_MS);
      failures.succeeded(claiming);
      // Where there was one, there may be more.
      if (ids.length > 0) nextClaimAt = 0;
      return ids;
    } catch (error) {
      failures.failed(claiming, error);
      return [];
    }
  };

  const writeClaimed = async (ids: readonly string[]): Promise<void> => {
    counts.claimed += ids.length;
    for (let at = 0; at < ids.length;) {
      const entries = await stream.fetch(ids.slice(at), PENDING);
      await write(entries);
      at += entries.length;
    }
  };

  while (!signal.aborted) {
    try {
      if (!ready) await recover();
      if (Date.now() >= nextClaimAt) await writeClaimed(await claim());
      await write(await reader.take(signal));
      failures.succeeded(writing);
      backOff.reset();
    } catch (error) {
      ready = false;
      failures.failed(writing, error);
      await backOff.wait();
    }
  }
  try {
    if (ready) await write(await reader.rest());
  } catch (error) {
    logger.info({ reason: messageOf(error) }, 'The last entries are left to other bridges');
  }
}
