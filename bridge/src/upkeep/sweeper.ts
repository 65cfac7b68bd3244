import { messageOf } from '../errors';
import type { HistoryCounts } from '../ingest/history-batch';
import type { ProcessPartitions } from '../ingest/process-partitions';
import type { PartitionLag } from '../ingest/stream-watch';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import { findStalledFlows } from './flow-sweep-store';
import { endLeftOpen, markLostFlows } from './lost-flows';
import { DEAD_AFTER_MS, type Processes } from './processes';

const SWEEP_MS = 10_000;
/** While history is further behind, a silent flow may only be one that is not read yet. */
const MAX_LAG_MS = 5_000;
/** Longer than any flow is silent, in ms. */
const NEVER_MS = 100 * 365 * 86_400_000;
/** Stalled flows that are named in the log at a time; the metric has the number. */
const NAMED_FLOWS = 5;

/** Looks after flows that no longer move. */
export interface Sweeper {
  /** Running flows without an event for the stall threshold, as of the last sweep. */
  readonly stalled: number;
  /** One round now. */
  sweep(): Promise<void>;
  stop(): void;
}

/**
 * Marks the flows of dead processes as lost, ends what ended flows left open, and reports the running ones that have had
 * no event for long.
 *
 * While a partition is behind, or can't be measured, only flows are looked at whose process is known to use the others
 * alone: of any other flow an event may wait there.
 *
 * @param readProcesses rejects while Redis is away: then nobody is taken for dead
 * @param lag without partitions that can't be measured
 * @param partitions how many there are
 */
export function startSweeper(options: {
  pool: Pool;
  readProcesses: () => Promise<Processes>;
  processes: ProcessPartitions;
  lag: () => Promise<readonly PartitionLag[]>;
  partitions: number;
  /** Whether the checkpoints that run can be found without a look at every row. */
  canFindRunning: () => boolean;
  counts: HistoryCounts;
  /** Flows became lost. */
  onLost: (flowIds: readonly string[]) => void;
  stalledAfterMs: number;
  lostAfterMs: number;
  logger: Logger;
}): Sweeper {
  const { pool, readProcesses, processes: partitionsOf, lag, partitions, canFindRunning, counts, logger } = options;
  const { onLost, stalledAfterMs, lostAfterMs } = options;
  /** Flows that were reported and still stand, so that each is told once. */
  let reported = new Set<string>();
  let stalled = 0;

  /** @param recordedBy flows of these processes alone; without it, of all */
  const markLost = async (recordedBy?: ReadonlySet<string>): Promise<void> => {
    const { alive, dead } = await readProcesses();
    const isLookedAt = (process: string): boolean => recordedBy?.has(process) ?? true;
    const processes = { alive, dead: dead.filter(isLookedAt) };
    // Of a process that is not known nobody knows the partition either.
    const limits = { deadAfterMs: DEAD_AFTER_MS, silentMs: recordedBy === undefined ? lostAfterMs : NEVER_MS };
    const lost = await markLostFlows(pool, processes, limits);
    if (canFindRunning()) await endLeftOpen(pool, processes, limits);
    if (lost.length === 0) return;
    counts.lost += lost.length;
    const flowIds = lost.map(({ flowId }) => flowId);
    onLost(flowIds);
    const flows = flowIds.slice(0, NAMED_FLOWS);
    logger.warn({ count: lost.length, flows }, 'Flows lost: their process died');
  };

  const report = async (recordedBy?: ReadonlySet<string>): Promise<void> => {
    const processesOf = recordedBy && [...recordedBy];
    const { count, flows } = await findStalledFlows(pool, stalledAfterMs, NAMED_FLOWS, processesOf);
    stalled = count;
    for (const flow of flows) {
      if (reported.has(flow.flow_id)) continue;
      const { flow_id: id, user_id: user, name, checkpoint, silent_ms: silentMs } = flow;
      logger.warn({ flow: id, user, name, checkpoint, silentMs: Math.round(silentMs) }, 'Flow stalled: still running');
    }
    reported = new Set(flows.map((flow) => flow.flow_id));
  };

  const sweep = async (): Promise<void> => {
    const current = new Set((await lag()).filter(({ ms }) => ms <= MAX_LAG_MS).map(({ partition }) => partition));
    if (current.size === 0) return;
    const recordedBy = current.size === partitions ? undefined : partitionsOf.usingOnly(current);
    for (const work of [markLost, report]) {
      await work(recordedBy).catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'Sweep failed'));
    }
  };
  const timer = setInterval(() => void sweep(), SWEEP_MS);
  return {
    get stalled() {
      return stalled;
    },
    sweep,
    stop: () => clearInterval(timer),
  };
}
