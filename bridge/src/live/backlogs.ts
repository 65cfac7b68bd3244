/** Live frames that wait for one snapshot, in bytes. Beyond them they are dropped, and the second look has them. */
const MAX_BYTES = 4 * 1024 * 1024;
/** The same of all snapshots that one viewer waits for, and of all viewers. */
const MAX_VIEWER_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

/** Live frames that wait for the snapshot that must come before them. */
export interface Backlog {
  /** Whether frames wait here now, or may be sent at once. */
  readonly isOpen: boolean;
  /** Frames wait from now on. */
  open(): void;
  /** Keeps a frame; when there is no room, all that waited are dropped. */
  keep(bytes: Buffer): void;
  /** The frames that waited; those that come from now on do not. */
  take(): Buffer[];
}

/** Bounds what waits for snapshots, by watch, by viewer and in all. */
export interface Backlogs {
  /** An open backlog of one viewer. */
  create(viewer: object): Backlog;
}

/** @param onDropped a backlog grew too large while its snapshot loaded */
export function createBacklogs(onDropped: () => void): Backlogs {
  let totalBytes = 0;
  const bytesOf = new WeakMap<object, number>();

  return {
    create(viewer) {
      let waiting: Buffer[] | undefined = [];
      let ownBytes = 0;
      const use = (bytes: number): void => {
        ownBytes += bytes;
        totalBytes += bytes;
        bytesOf.set(viewer, (bytesOf.get(viewer) ?? 0) + bytes);
      };
      const fits = (bytes: number): boolean =>
        ownBytes + bytes <= MAX_BYTES &&
        (bytesOf.get(viewer) ?? 0) + bytes <= MAX_VIEWER_BYTES &&
        totalBytes + bytes <= MAX_TOTAL_BYTES;
      return {
        get isOpen() {
          return waiting !== undefined;
        },
        open() {
          waiting ??= [];
        },
        keep(bytes) {
          if (waiting === undefined) return;
          if (!fits(bytes.length)) {
            onDropped();
            waiting.length = 0;
            use(-ownBytes);
            if (!fits(bytes.length)) return;
          }
          use(bytes.length);
          waiting.push(bytes);
        },
        take() {
          const taken = waiting ?? [];
          waiting = undefined;
          use(-ownBytes);
          return taken;
        },
      };
    },
  };
}
