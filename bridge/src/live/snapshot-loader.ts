import { createHash } from 'node:crypto';
import type { SnapshotFrame } from '@flow-tracking/protocol';
import { messageOf } from '../errors';
import type { Logger } from '../platform/logger';

/** A snapshot as it is sent: the same bytes to all who asked for it together. */
export interface Snapshot {
  bytes: Buffer;
  /** Tells it from others. */
  digest: string;
  /** False: history could not be read, and this says nothing. */
  isKnown: boolean;
}

/** Who asks for a snapshot. */
export interface Asker {
  /** Clients take turns. */
  client: object;
  /** False: the load may be dropped, if it has not begun. */
  isWanted: () => boolean;
  /** False: the client has not read what it got before; its turn comes when it has, and `wake` is called. */
  isReady: () => boolean;
}

export interface SnapshotLoader {
  /**
   * Whoever asks gets a snapshot that was begun after that, since an older one may lack what was recorded before the
   * viewer's subscription; all who ask meanwhile share it. Undefined: nobody wanted it any more.
   */
  load(userId: string, asker: Asker): Promise<Snapshot | undefined>;
  /** A client has become ready, or has gone. */
  wake(): void;
}

/** Loads at once: less than the pool has clients, so that the API and the writer have some left when a gap is over. */
const MAX_LOADS = 4;
/** So many for one client, whatever it asks for: the others' turn comes at once. */
const MAX_LOADS_EACH = 2;

/** A load that has not begun. */
interface Queued {
  userId: string;
  askers: Asker[];
  snapshot: Promise<Snapshot | undefined>;
  begun: (snapshot: Promise<Snapshot> | undefined) => void;
}

/** @param options.encode makes the bytes that are sent */
export function createSnapshotLoader(options: {
  load: (userId: string) => Promise<SnapshotFrame>;
  encode: (frame: SnapshotFrame) => Buffer | Promise<Buffer>;
  logger: Logger;
}): SnapshotLoader {
  const { load, encode, logger } = options;
  const queued = new Map<string, Queued>();
  /** What each client waits for; the first one's turn is next. */
  const turns = new Map<object, Set<Queued>>();
  const running = new Set<string>();
  const runningOf = new Map<object, number>();
  let isPumping = false;

  const toSnapshot = async (frame: SnapshotFrame, isKnown: boolean): Promise<Snapshot> => {
    const bytes = await encode(frame);
    return { bytes, digest: createHash('sha1').update(bytes).digest('base64'), isKnown };
  };

  const begin = async (userId: string, client: object): Promise<Snapshot> => {
    running.add(userId);
    runningOf.set(client, (runningOf.get(client) ?? 0) + 1);
    try {
      return await toSnapshot(await load(userId), true);
    } catch (error) {
      logger.warn({ user: userId, reason: messageOf(error) }, 'No snapshot: history can not be read');
      return await toSnapshot({ type: 'snapshot', user_id: userId, flows: [], checkpoints: [] }, false);
    } finally {
      running.delete(userId);
      const left = (runningOf.get(client) ?? 1) - 1;
      if (left === 0) runningOf.delete(client);
      else runningOf.set(client, left);
      wake();
    }
  };

  const takeOut = (entry: Queued): void => {
    queued.delete(entry.userId);
    for (const { client } of entry.askers) {
      const own = turns.get(client);
      own?.delete(entry);
      if (own?.size === 0) turns.delete(client);
    }
  };

  /** The client's next load that may begin; drops those that nobody wants. */
  const nextOf = (client: object, own: ReadonlySet<Queued>): Queued | undefined => {
    for (const entry of [...own]) {
      if (!entry.askers.some((asker) => asker.isWanted())) {
        takeOut(entry);
        entry.begun(undefined);
        continue;
      }
      if ((runningOf.get(client) ?? 0) >= MAX_LOADS_EACH || !isReady(entry, client)) return undefined;
      if (!running.has(entry.userId)) return entry;
    }
    return undefined;
  };

  const isReady = (entry: Queued, client: object): boolean =>
    entry.askers.some((asker) => asker.client === client && asker.isReady());

  const pump = (): void => {
    isPumping = false;
    for (let hasBegun = true; hasBegun && running.size < MAX_LOADS;) {
      hasBegun = false;
      for (const [client, own] of [...turns]) {
        const entry = nextOf(client, own);
        if (entry === undefined) continue;
        takeOut(entry);
        // Behind the other clients.
        if (turns.delete(client)) turns.set(client, own);
        entry.begun(begin(entry.userId, client));
        hasBegun = true;
        break;
      }
    }
  };

  const wake = (): void => {
    if (isPumping) return;
    isPumping = true;
    // Later, so that those of one tick share.
    queueMicrotask(pump);
  };

  const enqueue = (userId: string): Queued => {
    let begun: Queued['begun'] = () => undefined;
    const snapshot = new Promise<Snapshot | undefined>((resolve) => (begun = resolve));
    const entry: Queued = { userId, askers: [], snapshot, begun };
    queued.set(userId, entry);
    return entry;
  };

  return {
    load(userId, asker) {
      const entry = queued.get(userId) ?? enqueue(userId);
      entry.askers.push(asker);
      const own = turns.get(asker.client);
      if (own === undefined) turns.set(asker.client, new Set([entry]));
      else own.add(entry);
      wake();
      return entry.snapshot;
    },
    wake,
  };
}
