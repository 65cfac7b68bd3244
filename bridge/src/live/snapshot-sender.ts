import { CLAIMED_WITHIN_MS } from '../ingest/history-writer';
import type { Backlog } from './backlogs';
import type { Snapshot, SnapshotLoader } from './snapshot-loader';
import type { Viewer } from './viewer';

/**
 * What is published between a flow's event and its row in Postgres is in neither the snapshot nor the subscription that
 * began in between. Further looks, each so long after the one before, close that gap, also when history lags. The last one
 * comes 5 s after another bridge has what a killed one held.
 */
const LOOKS_MS = [1_000, 4_000, CLAIMED_WITHIN_MS] as const;

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

export function createSnapshotSender(
  { viewer, userId, backlog, isCurrent }: SnapshotTarget,
  snapshots: SnapshotLoader,
  counts: SnapshotCounts,
): SnapshotSender {
  let timer: NodeJS.Timeout | undefined;

  const load = (): Promise<Snapshot | undefined> =>
    snapshots.load(userId, { client: viewer, isWanted: isCurrent, isReady: () => viewer.isReady() });

  const show = (snapshot: Snapshot, waited: readonly Buffer[] = []): void => {
    counts.snapshots += 1;
    if (!snapshot.isKnown) counts.snapshotsFailed += 1;
    viewer.show(snapshot.bytes, waited);
  };

  const lookAgain = (before: string, look: number): void => {
    clearTimeout(timer);
    const afterMs = LOOKS_MS[look];
    if (afterMs === undefined) return;
    timer = setTimeout(() => {
      void load().then((snapshot) => {
        // A gap meanwhile has begun its own looks.
        if (snapshot === undefined || !isCurrent() || backlog.isOpen) return;
        if (snapshot.isKnown && snapshot.digest !== before) show(snapshot);
        // As long as history can't be read, the same again, but not each second.
        if (snapshot.isKnown) lookAgain(snapshot.digest, look + 1);
        else lookAgain(before, Math.max(look, 1));
      });
    }, afterMs);
  };

  return {
    async send() {
      backlog.open();
      const snapshot = await load();
      if (snapshot === undefined || !isCurrent()) return;
      show(snapshot, backlog.take());
      lookAgain(snapshot.digest, 0);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
