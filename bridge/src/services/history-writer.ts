import { ParseError, parseEvent, type FlowEvent } from '@flow-tracking/protocol';
import type { Logger } from '../adapters/logger';
import { inTransaction, isDataError, type Pool } from '../adapters/postgres';
import type { HistoryStream, StreamEntry } from '../adapters/redis-history';
import { messageOf } from '../errors';
import { upsertCheckpoints } from '../stores/checkpoints';
import { recountFlows, upsertFlows } from '../stores/flows';
import { createBackOff } from './back-off';
import { mergeEvents } from './merge-events';

/** Entries taken at once; each holds the events of one flush. */
const READ_COUNT = 100;
/** Events written in one transaction. */
const BATCH_EVENTS = 1_000;
/** How long a read waits for news: also the longest that a clean stop takes. */
export const BLOCK_MS = 1_000;
/** An entry held for longer belongs to a bridge that is gone. */
const CLAIM_IDLE_MS = 30_000;
const CLAIM_EVERY_MS = 10_000;

/** What the writer of one partition has done since its start. */
export interface HistoryCounts {
  /** Events committed to Postgres. */
  written: number;
  /** Events given to the dead-letter stream. */
  dead: number;
}

interface WriterOptions {
  pool: Pool;
  stream: HistoryStream;
  logger: Logger;
  counts: HistoryCounts;
}

/** Writes events in one transaction; idempotent, so a redelivery changes nothing. */
async function writeBatch(pool: Pool, events: readonly FlowEvent[]): Promise<void> {
  const { flows, checkpoints } = mergeEvents(events);
  await inTransaction(pool, async (client) => {
    await upsertFlows(client, flows);
    await upsertCheckpoints(client, checkpoints);
    if (checkpoints.length > 0) await recountFlows(client, flows);
  });
}

/** Writes events; one that Postgres refuses for its data is found by halving and buried, so its neighbours get in. */
async function writeOrBury(options: WriterOptions, events: readonly FlowEvent[]): Promise<void> {
  try {
    await writeBatch(options.pool, events);
    options.counts.written += events.length;
  } catch (error) {
    if (!isDataError(error)) throw error;
    if (events.length === 1) {
      await bury(options, JSON.stringify(events), messageOf(error), 1);
      return;
    }
    const middle = events.length >> 1;
    await writeOrBury(options, events.slice(0, middle));
    await writeOrBury(options, events.slice(middle));
  }
}

async function bury(options: WriterOptions, events: string, reason: string, count: number): Promise<void> {
  await options.stream.bury(events, reason);
  options.counts.dead += count;
  options.logger.warn({ reason, count }, 'Event refused, kept in the dead-letter stream');
}

/** The events of entries that parse; what does not is buried, each event by itself. */
async function readEvents(options: WriterOptions, entries: readonly StreamEntry[]): Promise<FlowEvent[]> {
  const events: FlowEvent[] = [];
  for (const { events: text } of entries) {
    if (text === null) continue;
    let block: unknown;
    try {
      block = JSON.parse(text);
    } catch (error) {
      await bury(options, text, messageOf(error), 1);
      continue;
    }
    for (const item of Array.isArray(block) ? (block as unknown[]) : [block]) {
      try {
        events.push(parseEvent(item));
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        await bury(options, JSON.stringify([item]), error.message, 1);
      }
    }
  }
  return events;
}

async function writeEntries(options: WriterOptions, entries: readonly StreamEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const events = await readEvents(options, entries);
  for (let at = 0; at < events.length; at += BATCH_EVENTS) {
    await writeOrBury(options, events.slice(at, at + BATCH_EVENTS));
  }
  await options.stream.settle(entries.map((entry) => entry.id));
}

/**
 * Moves one partition's stream into Postgres until the signal aborts. Entries are acknowledged only after the commit:
 * whatever fails in between is read again and changes nothing the second time. While Redis or Postgres is away it
 * stops reading and backs off, so the stream holds what comes meanwhile.
 */
export async function runHistoryWriter(options: WriterOptions, signal: AbortSignal): Promise<void> {
  const { stream, logger } = options;
  const backOff = createBackOff(signal);
  let ready = false;
  let failing = false;
  let nextClaimAt = 0;
  while (!signal.aborted) {
    try {
      if (!ready) {
        await stream.ensureGroup();
        // What was read before a failure is still pending for this consumer.
        for (;;) {
          const pending = await stream.readPending(READ_COUNT);
          if (pending.length === 0) break;
          await writeEntries(options, pending);
        }
        ready = true;
        if (failing) logger.info('Writing history again');
        failing = false;
      }
      if (Date.now() >= nextClaimAt) {
        await writeEntries(options, await stream.claim(READ_COUNT, CLAIM_IDLE_MS));
        nextClaimAt = Date.now() + CLAIM_EVERY_MS;
      }
      await writeEntries(options, await stream.read(READ_COUNT, BLOCK_MS));
      backOff.reset();
    } catch (error) {
      if (signal.aborted) return;
      ready = false;
      if (!failing) logger.warn({ reason: messageOf(error) }, 'History can not be written now, trying again');
      failing = true;
      await backOff.wait();
    }
  }
}
