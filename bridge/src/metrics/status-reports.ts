import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryCounts } from '../ingest/history-batch';
import { historyFailingSince } from '../ingest/history-health';
import type { PartitionLag } from '../ingest/stream-watch';
import type { Failures } from '../platform/failures';
import type { Pool } from '../platform/postgres/pool';
import { saveBridgeStatus, type BridgeStatus, type Losses } from './bridge-status-store';

const REPORT_MS = 15_000;
/** A Postgres that is away must not hold up a stop. */
const LAST_REPORT_MS = 1_000;
const PLACE = { work: 'status_report' } as const;

/** Tells Postgres every 15 s how this bridge is, since alerts can't ask a dead one. Failures are told, never thrown. */
export interface StatusReports {
  /** One report now, or the end of the one under way. */
  report(): Promise<void>;
  /** Marks the bridge as stopped, so that nobody misses it. Idempotent. */
  stop(): Promise<void>;
}

const lossesOf = (counts: Readonly<HistoryCounts>): Losses => ({
  flows_lost: counts.lost,
  entries_trimmed: counts.trimmed,
  dead_letters: counts.dead,
  dead_letters_dropped: counts.deadDropped,
});

const subtract = (all: Losses, told: Losses): Losses => ({
  flows_lost: all.flows_lost - told.flows_lost,
  entries_trimmed: all.entries_trimmed - told.entries_trimmed,
  dead_letters: all.dead_letters - told.dead_letters,
  dead_letters_dropped: all.dead_letters_dropped - told.dead_letters_dropped,
});

/** All partitions together: the oldest entry, and how many wait. */
function sumUp(lags: readonly PartitionLag[]): BridgeStatus['lag'] {
  if (lags.length === 0) return null;
  return {
    ms: Math.max(...lags.map(({ ms }) => ms)),
    entries: lags.reduce((sum, { entries }) => sum + entries, 0),
  };
}

export function startStatusReports(options: {
  pool: Pool;
  instance: string;
  machine: string;
  version: string;
  counts: Readonly<HistoryCounts>;
  lag: () => Promise<readonly PartitionLag[]>;
  stalled: () => number;
  failures: Failures;
}): StatusReports {
  const { pool, instance, machine, version, counts, lag, stalled, failures } = options;
  const startedMs = performance.now();
  let told: Losses = lossesOf({ written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 });
  let reporting: Promise<void> | undefined;

  const save = async (hasStopped: boolean): Promise<void> => {
    try {
      const lags = await lag();
      const losses = lossesOf(counts);
      const sinceTs = historyFailingSince(failures.current());
      await saveBridgeStatus(pool, {
        instance,
        machine,
        version,
        uptimeMs: performance.now() - startedMs,
        hasStopped,
        lag: sumUp(lags),
        failingForMs: sinceTs === undefined ? null : Math.max(0, Date.now() - sinceTs),
        flowsStalled: stalled(),
        eventsWritten: counts.written,
        losses,
        newLosses: subtract(losses, told),
      });
      told = losses;
      failures.succeeded(PLACE);
    } catch (error) {
      failures.failed(PLACE, error);
    }
  };
  const report = (hasStopped = false): Promise<void> =>
    (reporting ??= save(hasStopped).finally(() => (reporting = undefined)));

  void report();
  const timer = setInterval(() => void report(), REPORT_MS);
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    const last = (async () => {
      await reporting;
      await report(true);
    })();
    await Promise.race([last, delay(LAST_REPORT_MS, undefined, { ref: false })]);
  };
  let stopped: Promise<void> | undefined;
  return { report: () => report(), stop: () => (stopped ??= stop()) };
}
