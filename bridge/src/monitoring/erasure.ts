import type { UserErased } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeadLetters } from '../ingest/dead-letter-stream';
import type { HistoryStream } from '../ingest/history-stream';
import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import { eraseDeadLetters } from './erase-dead-letters';
import {
  auditErasure,
  closeErasure,
  eraseFlows,
  listErasures,
  openErasure,
  savePositions,
  type Erased,
  type Erasure,
} from './erasure-store';
import type { Change, MonitoringService } from './monitoring';

/** How long an answer waits for the streams. */
const WAIT_MS = 5_000;
const POLL_MS = 100;
const CARRY_ON_MS = 5_000;

/** Takes away all that is known of a user; what was done is audited. Idempotent. */
export type EraseUser = (userId: string, change: Change) => Promise<UserErased>;

/** Erases users; what an answer could not wait for is carried on by any bridge, also after a restart. */
export interface Erasures {
  erase: EraseUser;
  stop(): void;
}

/**
 * An entry that was in a stream at the request may be written after the rows are deleted, and make them anew. So each
 * erasure notes how far the streams were and which flows it deleted; when all those entries are settled, it deletes once
 * more: the user's flows, and those that came again.
 */
export function createErasures(options: {
  pool: Pool;
  monitoring: MonitoringService;
  streams: readonly HistoryStream[];
  dead: DeadLetters;
  failures: Failures;
  logger: Logger;
}): Erasures {
  const { pool, monitoring, streams, dead, failures, logger } = options;
  const place = { work: 'erase_user' } as const;

  const readPositions = (): Promise<string[]> => Promise.all(streams.map((stream) => stream.lastId()));

  const areSettled = async (positions: readonly string[]): Promise<boolean> => {
    const settled = await Promise.all(
      streams.map((stream, partition) => stream.hasSettled(positions[partition] ?? '0-0')),
    );
    return settled.every(Boolean);
  };

  /** Erases what is there, and closes the erasure if nothing more can come. */
  const carryOn = async (erasure: Erasure, erased: Erased): Promise<boolean> => {
    if (erasure.positions === null) {
      const positions = await readPositions();
      await savePositions(pool, erasure, positions);
      erasure.positions = positions;
    }
    const isLast = await areSettled(erasure.positions);
    await eraseFlows(pool, erasure, erased);
    await eraseDeadLetters(pool, dead, erasure);
    // Letters may have told of further flows.
    await eraseFlows(pool, erasure, erased);
    if (isLast) await closeErasure(pool, erasure);
    return isLast;
  };

  const finishInTime = async (erasure: Erasure, erased: Erased): Promise<boolean> => {
    const deadline = Date.now() + WAIT_MS;
    try {
      if (await carryOn(erasure, erased)) return true;
      while (Date.now() < deadline) {
        await delay(POLL_MS);
        if (await areSettled(erasure.positions ?? [])) return await carryOn(erasure, erased);
      }
    } catch (error) {
      failures.failed(place, error);
    }
    return false;
  };

  /** @returns whether it could be done, finished or not */
  const carryOnOne = async (erasure: Erasure): Promise<boolean> => {
    try {
      if (erasure.positions !== null && !(await areSettled(erasure.positions))) return true;
      const erased = { flows: 0, checkpoints: 0 };
      const isDone = await carryOn(erasure, erased);
      if (isDone) logger.info({ user: erasure.userId, ...erased }, 'Erasure finished');
      return true;
    } catch (error) {
      failures.failed(place, error);
      return false;
    }
  };

  const carryOnAll = async (): Promise<void> => {
    let isWorking = true;
    try {
      // One that fails does not keep the others waiting.
      for (const erasure of await listErasures(pool)) isWorking = (await carryOnOne(erasure)) && isWorking;
    } catch (error) {
      isWorking = false;
      failures.failed(place, error);
    }
    if (isWorking) failures.succeeded(place);
  };

  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= carryOnAll().finally(() => (running = undefined));
  }, CARRY_ON_MS);

  return {
    async erase(userId, change) {
      const erased = { flows: 0, checkpoints: 0 };
      // First, so that nothing more of the user is published. When Redis can't be told now, the rest is erased all the same.
      const disabling = monitoring.disable(userId, change);
      const [disabled] = await Promise.allSettled([disabling]);
      const eraseAndWait = async (): Promise<boolean> => {
        const erasure = await openErasure(pool, userId, await readPositions().catch(() => null));
        await eraseFlows(pool, erasure, erased);
        return finishInTime(erasure, erased);
      };
      // What is gone is audited also when the rest could not be reached.
      const isDone = await eraseAndWait().finally(() => auditErasure(pool, { userId, ...change, ...erased }));
      logger.info({ user: userId, ...change, ...erased, pending: !isDone }, 'User erased');
      if (disabled.status === 'rejected') throw disabled.reason;
      return { user_id: userId, ...erased, monitoring_disabled: disabled.value, pending: !isDone };
    },
    stop: () => clearInterval(timer),
  };
}
