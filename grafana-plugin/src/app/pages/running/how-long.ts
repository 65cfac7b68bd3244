/** How long something runs, judged for a request that people wait for. */
export type HowLong = 'usual' | 'long' | 'very-long';

const LONG_MS = 60_000;
/** As the alert *Still running* begins at, unless it was told otherwise. */
const VERY_LONG_MS = 600_000;

export function howLong(ms: number): HowLong {
  if (ms >= VERY_LONG_MS) return 'very-long';
  return ms >= LONG_MS ? 'long' : 'usual';
}
