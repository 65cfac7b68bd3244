import { Counter, Histogram, type Registry } from 'prom-client';
import type { HistoryCounts, WrittenBatch } from '../ingest/history-batch';
import type { PartitionLag } from '../ingest/stream-watch';
import { createBoundedLabels } from './bounded-labels';
import { readCounter, readGauge, single } from './readings';

/** Checkpoint names that get a label of their own. */
const MAX_CHECKPOINT_NAMES = 100;
const BATCH_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** From a check in memory to a model that thinks for minutes. Each bucket is a time series per checkpoint name. */
const CHECKPOINT_BUCKETS_S = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** The history side of a bridge, as far as it is told. */
export interface HistorySource {
  counts: Readonly<HistoryCounts>;
  /** What waits in each partition that can be measured. */
  lag: () => Promise<readonly PartitionLag[]>;
  /** Running flows that are silent. */
  stalled: () => number;
}

/** Registers what tells of history; returns what to call after every batch. */
export function registerHistoryMetrics(registry: Registry, source: HistorySource): (batch: WrittenBatch) => void {
  const { counts, lag, stalled } = source;
  const count = (name: string, help: string, read: () => number): void =>
    readCounter({ registry, name, help, read: () => single(read()) });
  count('flow_bridge_history_events_written_total', 'Events committed to Postgres.', () => counts.written);
  count(
    'flow_bridge_history_dead_letters_total',
    'Events that history refused, kept in the dead-letter stream.',
    () => counts.dead,
  );
  count(
    'flow_bridge_history_dead_letters_dropped_total',
    'Dead letters that are gone: newer ones took their place, or Redis refused them.',
    () => counts.deadDropped,
  );
  count(
    'flow_bridge_history_trimmed_entries_total',
    'Stream entries that Redis trimmed before they were read: lost to history.',
    () => counts.trimmed,
  );
  count(
    'flow_bridge_history_claimed_entries_total',
    'Stream entries taken over from bridges that are gone.',
    () => counts.claimed,
  );
  count('flow_bridge_history_flows_lost_total', 'Flows marked lost, as their process fell silent.', () => counts.lost);

  const readLag = async (value: (of: PartitionLag) => number) =>
    (await lag()).map((of) => [{ partition: String(of.partition) }, value(of)] as const);
  readGauge({
    registry,
    name: 'flow_bridge_history_lag_entries',
    help: 'Stream entries that are not in Postgres yet.',
    labelNames: ['partition'],
    read: () => readLag(({ entries }) => entries),
  });
  readGauge({
    registry,
    name: 'flow_bridge_history_lag_seconds',
    help: 'Age of the oldest stream entry that is not in Postgres yet.',
    labelNames: ['partition'],
    read: () => readLag(({ ms }) => ms / 1_000),
  });
  readGauge({
    registry,
    name: 'flow_bridge_flows_stalled',
    help: 'Running flows without an event for FLOW_STALLED_AFTER_S; the same on every bridge.',
    read: () => single(stalled()),
  });

  const batches = new Histogram({
    registers: [registry],
    name: 'flow_bridge_history_batch_duration_seconds',
    help: 'Time from the begin of a batch to its commit.',
    buckets: BATCH_BUCKETS_S,
  });
  const durations = new Histogram({
    registers: [registry],
    name: 'flow_bridge_checkpoint_duration_seconds',
    help: 'Duration of ended checkpoints, by name.',
    labelNames: ['checkpoint'],
    buckets: CHECKPOINT_BUCKETS_S,
  });
  const errors = new Counter({
    registers: [registry],
    name: 'flow_bridge_checkpoint_errors_total',
    help: 'Checkpoints that ended with an error, by name.',
    labelNames: ['checkpoint'],
  });
  const labelOf = createBoundedLabels(MAX_CHECKPOINT_NAMES);
  return (batch) => {
    batches.observe(batch.durationMs / 1_000);
    for (const { name, status, durationMs } of batch.checkpoints) {
      const checkpoint = labelOf(name);
      if (durationMs !== null) durations.observe({ checkpoint }, durationMs / 1_000);
      // By 0, too: a rate needs a first value before the first error.
      errors.inc({ checkpoint }, status === 'error' ? 1 : 0);
    }
  };
}
