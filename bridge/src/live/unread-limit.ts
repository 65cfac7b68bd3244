/** What may wait for one client. One with more does not read, and is cut off so that it costs nobody else. */
export const MAX_UNREAD_BYTES = 1024 * 1024;
/** While snapshots are on their way, which may be large, and come together where others asked for them as well. */
export const MAX_UNREAD_SNAPSHOT_BYTES = 16 * 1024 * 1024;

/** What may wait for all clients together. One that holds no more than its share is never cut off for the others. */
const MAX_TOTAL_BYTES = 96 * 1024 * 1024;
const SHARE_BYTES = 96 * 1024;
const CHECK_MS = 500;

/** A client, as far as it leaves something unread. */
export interface Reader {
  /** Bytes that wait for it. */
  unreadBytes(): number;
  /** Ends it, and lets go of what waits. */
  cutOff(): void;
}

/** Bounds what waits for all clients together: those that hold most are cut off. */
export interface UnreadLimit {
  add(reader: Reader): void;
  remove(reader: Reader): void;
  stop(): void;
}

export function createUnreadLimit(maxBytes = MAX_TOTAL_BYTES): UnreadLimit {
  const readers = new Set<Reader>();

  const check = (): void => {
    const sizes = [...readers].map((reader) => ({ reader, bytes: reader.unreadBytes() }));
    let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= maxBytes) return;
    for (const { reader, bytes } of sizes.sort((a, b) => b.bytes - a.bytes)) {
      if (total <= maxBytes || bytes <= SHARE_BYTES) return;
      total -= bytes;
      reader.cutOff();
    }
  };
  const timer = setInterval(check, CHECK_MS);

  return {
    add: (reader) => void readers.add(reader),
    remove: (reader) => void readers.delete(reader),
    stop: () => clearInterval(timer),
  };
}
