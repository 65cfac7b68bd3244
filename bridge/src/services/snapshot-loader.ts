import type { SnapshotFrame } from '@flow-tracking/protocol';
import type { Logger } from '../adapters/logger';
import { messageOf } from '../errors';

/** A snapshot as it is sent: the same bytes to all who asked for it together. */
export interface Snapshot {
  bytes: Buffer;
  /** False: history could not be read, and this says nothing. */
  isKnown: boolean;
}

/** Loads at once: less than the pool has clients, so that the API and the writer have some left when a gap is over. */
const MAX_LOADS = 4;

/**
 * Loads snapshots for viewers. Whoever asks gets one that was begun after that, since an older one may lack what was
 * recorded before the viewer's subscription; all who ask meanwhile share it.
 *
 * @param encode makes the bytes that are sent
 */
export function createSnapshotLoader(options: {
  load: (userId: string) => Promise<SnapshotFrame>;
  encode: (frame: SnapshotFrame) => Buffer;
  logger: Logger;
}): (userId: string) => Promise<Snapshot> {
  const { load, encode, logger } = options;
  /** Loads that have not begun. */
  const queued = new Map<string, Promise<Snapshot>>();
  const running = new Map<string, Promise<Snapshot>>();
  const waiting: (() => void)[] = [];
  let free = MAX_LOADS;

  const begin = async (userId: string): Promise<Snapshot> => {
    try {
      return { bytes: encode(await load(userId)), isKnown: true };
    } catch (error) {
      logger.warn({ user: userId, reason: messageOf(error) }, 'No snapshot: history can not be read');
      const empty: SnapshotFrame = { type: 'snapshot', user_id: userId, flows: [], checkpoints: [] };
      return { bytes: encode(empty), isKnown: false };
    } finally {
      running.delete(userId);
      free += 1;
      waiting.shift()?.();
    }
  };

  const enqueue = async (userId: string): Promise<Snapshot> => {
    // Also what makes those of one tick share.
    await running.get(userId);
    while (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    free -= 1;
    queued.delete(userId);
    const snapshot = begin(userId);
    running.set(userId, snapshot);
    return snapshot;
  };

  return (userId) => {
    let snapshot = queued.get(userId);
    if (snapshot === undefined) queued.set(userId, (snapshot = enqueue(userId)));
    return snapshot;
  };
}
