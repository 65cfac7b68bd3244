import type { WrittenUntil } from '../ingest/written-until';
import type { Backlog } from './backlogs';
import type { Snapshot, SnapshotLoader } from './snapshot-loader';
import type { Viewer } from './viewer';

/**
 * What is published between a flow's event and its row in Postgres is in neither the snapshot nor the subscription that
 * began in between. Further looks, each so long after the one before, close that gap: until one has begun when history had
 * all of it, however long that takes. A bridge that was killed may hold an entry for 20 s, and history may lag.
 */
const LOOKS_MS = [1_000, 4_000] as const;
const LATER_LOOKS_MS = 10_000;

/** What the sender has done since its start. */
export interface SnapshotCounts {
  /** Snapshots sent, and those that said nothing since history could not be read. */
  snapshots: number;
  snapshotsFailed: number;
}

/** Who gets snapshots of whom. */
export interface SnapshotTarget {
  readonly viewer: Viewer;
  readonly userId: string;
  readonly backlog: Backlog;
  /** False when the viewer has left meanwhile, or left and come back. */
  readonly isCurrent: () => boolean;
}

/** The snapshots of one user for one viewer. */
export interface SnapshotSender {
  /** Sends the user's snapshot, then the live frames that came meanwhile; looks again after a while. */
  send(): Promise<void>;
  /** Looks no more. */
  stop(): void;
}

export function createSnapshotSender(options: {
  target: SnapshotTarget;
  snapshots: SnapshotLoader;
  /** Up to when history has everything. */
  writtenUntil: Pick<WrittenUntil, 'ts'>;
  counts: SnapshotCounts;
}): SnapshotSender {
  const { snapshots, writtenUntil, counts } = options;
  const { viewer, userId, backlog, isCurrent } = options.target;
  let timer: NodeJS.Timeout | undefined;

  const load = (): Promise<Snapshot | undefined> =>
    snapshots.load(userId, { client: viewer, isWanted: isCurrent, isReady: () => viewer.isReady() });

  const show = (snapshot: Snapshot, waited: readonly Buffer[] = []): void => {
    counts.snapshots += 1;
    if (!snapshot.isKnown) counts.snapshotsFailed += 1;
    viewer.show(snapshot.bytes, waited);
  };

  /** @param sinceTs from when on the viewer has been sent everything as it came, epoch ms */
  const lookAgain = (before: string, look: number, sinceTs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const isLast = writtenUntil.ts >= sinceTs;
      void load().then((snapshot) => {
        // A gap meanwhile has begun its own looks.
        if (snapshot === undefined || !isCurrent() || backlog.isOpen) return;
        if (!snapshot.isKnown) return lookAgain(before, Math.max(look, 1), sinceTs);
        if (snapshot.digest !== before) show(snapshot);
        if (!isLast) lookAgain(snapshot.digest, look + 1, sinceTs);
      });
    }, LOOKS_MS[look] ?? LATER_LOOKS_MS);
  };

  return {
    async send() {
      backlog.open();
      const snapshot = await load();
      if (snapshot === undefined || !isCurrent()) return;
      show(snapshot, backlog.take());
      lookAgain(snapshot.digest, 0, Date.now());
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
