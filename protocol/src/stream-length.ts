const MIB = 1024 * 1024;
const MIN_ENTRIES = 1_000;
const MAX_ENTRIES = 1_000_000;
/** Before the first entry. */
const FIRST_AVERAGE_BYTES = 4_096;
/** Weight of the newest entry in the running average. */
const AVERAGE_WEIGHT = 0.05;

/** Bytes that one stream takes about, when nothing has been read from it. An option of whoever writes to it. */
export const STREAM_BYTES = { min: MIB, max: 1024 * 1024 * MIB, fallback: 64 * MIB } as const;

/**
 * Returns what gives the MAXLEN of an XADD. Redis counts entries, and an entry is a block of any size, so the number follows from
 * the average size of the entries so far.
 *
 * @param streamBytes see {@link STREAM_BYTES}
 */
export function createStreamLength(streamBytes: number): (entryBytes: number) => number {
  let averageBytes = FIRST_AVERAGE_BYTES;
  return (entryBytes) => {
    averageBytes += (entryBytes - averageBytes) * AVERAGE_WEIGHT;
    return Math.min(MAX_ENTRIES, Math.max(MIN_ENTRIES, Math.floor(streamBytes / averageBytes)));
  };
}
