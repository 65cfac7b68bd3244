import { checkEvent, ParseError, type FlowEvent } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../adapters/logger';
import { inTransaction, isDataError, type Pool } from '../adapters/postgres';
import type { HistoryStream, StreamEntry } from '../adapters/redis-history';
import { messageOf } from '../errors';
import { addToStats } from '../stores/checkpoint-stats';
import { readStates, upsertCheckpoints } from '../stores/checkpoints';
import { addCounts, upsertFlows } from '../stores/flows';
import { settleOpenCheckpoints, type SettledFlow } from '../stores/open-checkpoints';
import type { CheckpointRow, FlowRow } from '../stores/rows';
import { countChanges } from './count-changes';
import type { Failures } from './failures';
import { mergeEvents } from './merge-events';

/** Events written in one transaction. */
const BATCH_EVENTS = 1_000;
/** How often an event is tried by itself or with others before it is buried. */
const MAX_TRIES = 5;
const RETRY_MS = 50;

/** What the writers have done since their start. */
export interface HistoryCounts {
  /** Events committed to Postgres; one that is delivered again counts again. */
  written: number;
  /** Events given to the dead-letter stream. */
  dead: number;
  /** Entries that Redis trimmed before they were written. */
  trimmed: number;
  /** Entries taken over from bridges that are gone. */
  claimed: number;
  /** Flows marked lost. */
  lost: number;
}

/** What was written in one transaction. */
export interface WrittenBatch {
  events: number;
  durationMs: number;
  /** Checkpoints that it ended, each once. */
  checkpoints: { name: string; status: string; durationMs: number | null }[];
}

export interface BatchOptions {
  pool: Pool;
  stream: HistoryStream;
  partition: number;
  failures: Failures;
  logger: Logger;
  counts: HistoryCounts;
  onBatch: (batch: WrittenBatch) => void;
}

/** The flows whose open checkpoints are looked at: a flow that is new and left none open has none. */
function toSettle(
  flows: readonly FlowRow[],
  checkpoints: readonly CheckpointRow[],
  known: ReadonlySet<string>,
  unsettled: ReadonlySet<string>,
): SettledFlow[] {
  if (unsettled.size === 0) return [];
  const open = new Set(checkpoints.filter((row) => row.status === 'running').map((row) => row.flowId));
  return flows
    .filter(({ flowId }) => unsettled.has(flowId) && (known.has(flowId) || open.has(flowId)))
    .map(({ flowDay, flowId }) => ({ flowDay, flowId, hasDied: false }));
}

/** Writes events in one transaction; idempotent, so a redelivery changes nothing. */
async function writeBatch({ pool, counts, onBatch }: BatchOptions, events: readonly FlowEvent[]): Promise<void> {
  const startedAt = performance.now();
  const { flows, checkpoints } = mergeEvents(events);
  const { ended } = await inTransaction(pool, async (client) => {
    // Holds the flows' locks from here on: what is read of them below stays true until the commit.
    const { known, unsettled } = await upsertFlows(client, flows);
    const before = await readStates(
      client,
      checkpoints.filter((row) => known.has(row.flowId)),
    );
    await upsertCheckpoints(client, checkpoints);
    const settled = await settleOpenCheckpoints(client, toSettle(flows, checkpoints, known, unsettled));
    const changes = countChanges(checkpoints, known, before, settled);
    await addCounts(client, changes.counts);
    await addToStats(client, changes);
    return changes;
  });
  counts.written += events.length;
  onBatch({
    events: events.length,
    durationMs: performance.now() - startedAt,
    checkpoints: ended
      .filter(({ isCorrection }) => !isCorrection)
      .map(({ checkpoint, status, durationMs }) => ({ name: checkpoint, status, durationMs })),
  });
}

/**
 * Writes events; one that Postgres refuses for its data is found by halving and buried, so its neighbours get in. Whatever
 * else fails is thrown: it is not the events' fault, and they are read again.
 */
async function writeOrBury(options: BatchOptions, events: readonly FlowEvent[], tries = 1): Promise<void> {
  try {
    await writeBatch(options, events);
  } catch (error) {
    if (!isDataError(error)) throw error;
    if (events.length > 1) {
      const middle = events.length >> 1;
      await writeOrBury(options, events.slice(0, middle), tries + 1);
      await writeOrBury(options, events.slice(middle), tries + 1);
    } else if (tries < MAX_TRIES) {
      await delay(RETRY_MS * tries);
      await writeOrBury(options, events, tries + 1);
    } else {
      await bury(options, textOf(events[0]), messageOf(error));
    }
  }
}

/** A block of this one event; of one that is nested too deep to be written, what is flat. */
function textOf(event: unknown): string {
  try {
    return JSON.stringify([event]);
  } catch {
    const flat = Object.entries(event as object).filter(([, value]) => typeof value !== 'object');
    return JSON.stringify([Object.fromEntries(flat)]);
  }
}

async function bury({ stream, counts, logger }: BatchOptions, events: string, reason: string): Promise<void> {
  await stream.bury(events, reason);
  counts.dead += 1;
  logger.warn({ reason }, 'Event refused, kept in the dead-letter stream');
}

/** The events of entries that parse; what does not is buried, each event by itself. */
async function readEvents(options: BatchOptions, entries: readonly StreamEntry[]): Promise<FlowEvent[]> {
  const events: FlowEvent[] = [];
  for (const { events: text } of entries) {
    // Trimmed while it was pending: counted where the stream is measured.
    if (text === null) continue;
    let block: unknown;
    try {
      block = JSON.parse(text);
    } catch (error) {
      await bury(options, text, messageOf(error));
      continue;
    }
    for (const item of Array.isArray(block) ? (block as unknown[]) : [block]) {
      try {
        checkEvent(item);
        events.push(item);
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        await bury(options, textOf(item), error.message);
      }
    }
  }
  return events;
}

/**
 * Writes entries and settles them.
 *
 * @returns the number of events they held
 */
export async function writeEntries(options: BatchOptions, entries: readonly StreamEntry[]): Promise<number> {
  if (entries.length === 0) return 0;
  const events = await readEvents(options, entries);
  for (let at = 0; at < events.length; at += BATCH_EVENTS) {
    await writeOrBury(options, events.slice(at, at + BATCH_EVENTS));
  }
  await options.stream.settle(entries.map((entry) => entry.id));
  return events.length;
}
