/** A stretch of time, ms since the flow's start. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Nothing is told apart closer than this. */
const SHORTEST_MS = 0.1;
/** How much farther the end of a running flow's timeline lies each time that the flow has reached it. */
const GROWTH = 1.25;
const FIRST_END_MS = 1_000;

function lengthOf({ fromMs, toMs }: TimeWindow): number {
  return toMs - fromMs;
}

/** The window moved, and shortened where it must be, so that it lies within `full`. */
export function within(window: TimeWindow, full: TimeWindow): TimeWindow {
  const length = Math.min(Math.max(lengthOf(window), SHORTEST_MS), lengthOf(full));
  const fromMs = Math.min(Math.max(window.fromMs, full.fromMs), full.toMs - length);
  return { fromMs, toMs: fromMs + length };
}

/**
 * Zooms so that the time at the pointer stays where it is.
 *
 * @param factor of the window's length; below 1 it zooms in
 * @returns null for all of it
 */
export function zoomedAt(window: TimeWindow, full: TimeWindow, atMs: number, factor: number): TimeWindow | null {
  const length = Math.max(lengthOf(window) * factor, SHORTEST_MS);
  if (length >= lengthOf(full)) return null;
  const share = (atMs - window.fromMs) / lengthOf(window);
  const fromMs = atMs - share * length;
  return within({ fromMs, toMs: fromMs + length }, full);
}

/** The window between two times, whichever comes first, within `full`. */
export function brushed(aMs: number, bMs: number, full: TimeWindow): TimeWindow {
  const fromMs = Math.max(Math.min(aMs, bMs), full.fromMs);
  const toMs = Math.min(Math.max(aMs, bMs), full.toMs);
  return within({ fromMs, toMs }, full);
}

/** The end of a running flow's timeline: it grows in steps, so that bars stand still between them. */
export function steadyEnd(endMs: number, neededMs: number): number {
  let end = Math.max(endMs, FIRST_END_MS);
  while (end <= neededMs) end *= GROWTH;
  return end;
}
