import type { FlowEvent } from '@flow-tracking/protocol';
import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import { inRehearsal, inTransaction, type Pool } from '../platform/postgres/pool';
import { addToStats } from './checkpoint-stats-store';
import { readStates, upsertCheckpoints } from './checkpoints-store';
import { countChanges, type Changes } from './count-changes';
import type { DeadLetters } from './dead-letter-stream';
import { addCounts, upsertFlows } from './flows-store';
import type { HistoryStream } from './history-stream';
import { reconcileOpenCheckpoints, type FlowToReconcile } from './open-checkpoints-store';
import type { CheckpointRow, FlowRow } from './rows';
import { rowsOfEvents, type Rows } from './rows-of-events';

/** What the writers have done since their start. */
export interface HistoryCounts {
  /** Events committed to Postgres; one that is delivered again counts again. */
  written: number;
  /** Events given to the dead-letter stream. */
  dead: number;
  /** Dead letters that are gone: newer ones took their place, or Redis refused them. */
  deadDropped: number;
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
  /** Ids of the flows that it ended; again when their end was delivered again. */
  endedFlows: string[];
}

export interface BatchOptions {
  pool: Pool;
  stream: HistoryStream;
  dead: DeadLetters;
  partition: number;
  failures: Failures;
  logger: Logger;
  counts: HistoryCounts;
  onBatch: (batch: WrittenBatch) => void;
}

/** The flows whose open checkpoints are looked at: a flow that is new and left none open has none. */
function toReconcile(
  flows: readonly FlowRow[],
  checkpoints: readonly CheckpointRow[],
  known: ReadonlySet<string>,
  unreconciled: ReadonlySet<string>,
): FlowToReconcile[] {
  if (unreconciled.size === 0) return [];
  const open = new Set(checkpoints.filter((row) => row.status === 'running').map((row) => row.flow_id));
  return flows
    .filter(({ flow_id: id }) => unreconciled.has(id) && (known.has(id) || open.has(id)))
    .map(({ flow_day: flowDay, flow_id: flowId }) => ({ flowDay, flowId, hasDied: false }));
}

/** The one way in which events become rows; idempotent, so a redelivery changes nothing. */
async function writeRows(transact: typeof inTransaction, pool: Pool, { flows, checkpoints }: Rows): Promise<Changes> {
  return transact(pool, async (client) => {
    // Holds the flows' locks from here on: what is read of them below stays true until the commit.
    const { known, unreconciled } = await upsertFlows(client, flows);
    const before = await readStates(
      client,
      checkpoints.filter((row) => known.has(row.flow_id)),
    );
    await upsertCheckpoints(client, checkpoints);
    const reconciled = await reconcileOpenCheckpoints(client, toReconcile(flows, checkpoints, known, unreconciled));
    const changes = countChanges(checkpoints, known, before, reconciled);
    await addCounts(client, changes.counts);
    await addToStats(client, changes);
    return changes;
  });
}

/**
 * Writes events in one transaction.
 *
 * @returns how long it took, in ms
 */
export async function writeBatch(
  { pool, counts, onBatch }: BatchOptions,
  events: readonly FlowEvent[],
): Promise<number> {
  const startedAt = performance.now();
  const rows = rowsOfEvents(events);
  const { ended } = await writeRows(inTransaction, pool, rows);
  const durationMs = performance.now() - startedAt;
  counts.written += events.length;
  onBatch({
    events: events.length,
    durationMs,
    checkpoints: ended
      .filter(({ isCorrection }) => !isCorrection)
      .map(({ checkpoint, status, durationMs: tookMs }) => ({ name: checkpoint, status, durationMs: tookMs })),
    endedFlows: rows.flows.filter(({ status }) => status !== 'running').map(({ flow_id: flowId }) => flowId),
  });
  return durationMs;
}

/** Does all that {@link writeBatch} does, and takes it back. Rejects as that would. */
export async function rehearseBatch(pool: Pool, events: readonly FlowEvent[]): Promise<void> {
  await writeRows(inRehearsal, pool, rowsOfEvents(events));
}
