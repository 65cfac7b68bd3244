import { MAX_UNREAD_BYTES, MAX_UNREAD_SNAPSHOT_BYTES } from './unread-limit';

/** Writes that wait for one poller, however small. */
const MAX_WRITES = 16_384;
/** One answer holds no more, but for a single write that is larger; the next poll gets the rest at once. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * What waits for one poller, until it says that it has it: an answer that is lost on the way is given again.
 * Writes hold whole WebSocket frames, one or several.
 */
export interface PollBuffer {
  /** False: more waits than a client may leave unread. */
  add(write: Buffer): boolean;
  /** The same for a snapshot, which may be larger than what else waits, and for what came while it was loaded. */
  addSnapshot(snapshot: Buffer, backlog: readonly Buffer[]): boolean;
  /** The client has all before that position; false: it can't, or what follows is no longer here. */
  acknowledge(taken: number): boolean;
  /** What waits, as much as goes into one answer, and the position behind it. */
  take(): { writes: readonly Buffer[]; taken: number };
  readonly isEmpty: boolean;
  /** Bytes that wait, those of an answer on its way included. */
  readonly bytes: number;
}

export function createPollBuffer(): PollBuffer {
  let writes: Buffer[] = [];
  let bytes = 0;
  /** Writes before the first one here, and those given in an answer. */
  let dropped = 0;
  let given = 0;
  let limit = MAX_UNREAD_BYTES;

  const push = (write: Buffer): void => {
    writes.push(write);
    bytes += write.length;
  };
  const fits = (): boolean => {
    if (bytes <= MAX_UNREAD_BYTES) limit = MAX_UNREAD_BYTES;
    return bytes <= limit && writes.length <= MAX_WRITES;
  };

  return {
    add(write) {
      push(write);
      return fits();
    },
    addSnapshot(snapshot, backlog) {
      for (const write of [snapshot, ...backlog]) push(write);
      limit = Math.max(limit, Math.min(bytes + MAX_UNREAD_BYTES, MAX_UNREAD_SNAPSHOT_BYTES));
      return fits();
    },
    acknowledge(taken) {
      if (taken < dropped || taken > given) return false;
      for (const write of writes.slice(0, taken - dropped)) bytes -= write.length;
      writes = writes.slice(taken - dropped);
      dropped = taken;
      return true;
    },
    take() {
      let count = 0;
      let answerBytes = 0;
      for (const { length } of writes) {
        if (count > 0 && answerBytes + length > MAX_ANSWER_BYTES) break;
        count += 1;
        answerBytes += length;
      }
      given = Math.max(given, dropped + count);
      return { writes: writes.slice(0, count), taken: dropped + count };
    },
    get isEmpty() {
      return writes.length === 0;
    },
    get bytes() {
      return bytes;
    },
  };
}
