/** Shares of all of the time that keys move by. */
const STEP = 0.01;
const PAGE = 0.1;

/**
 * Where a key moves a replay to, by the pattern of WAI-ARIA for a slider.
 *
 * @param atMs where it stands, ms since the flow's start, as are the others
 * @returns null for a key that does not move it
 */
export function scrubbedTo(
  key: string,
  atMs: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): number | null {
  const by = (share: number): number => Math.min(Math.max(atMs + share * (toMs - fromMs), fromMs), toMs);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return by(STEP);
    case 'ArrowLeft':
    case 'ArrowDown':
      return by(-STEP);
    case 'PageUp':
      return by(PAGE);
    case 'PageDown':
      return by(-PAGE);
    case 'Home':
      return fromMs;
    case 'End':
      return toMs;
    default:
      return null;
  }
}
