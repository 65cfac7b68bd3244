import type { CheckpointSummary } from '@flow-tracking/protocol';

/** What checkpoints of one name did in the last 24 hours. */
export interface PastFigures {
  /** How many ended. */
  readonly count: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What checkpoints did in the last 24 hours, by their names; plain data, since frames are copied and stored. */
export interface CheckpointHistory {
  readonly byName: Readonly<Record<string, PastFigures>>;
}

/** Fewer than these say nothing about what is usual. */
export const LEAST_SAMPLES = 20;

/** Undefined when nothing is known of checkpoints of that name. */
export function pastOf(history: CheckpointHistory | null | undefined, checkpoint: string): PastFigures | undefined {
  // A checkpoint may be named `constructor`.
  return history != null && Object.hasOwn(history.byName, checkpoint) ? history.byName[checkpoint] : undefined;
}

/** Checkpoints that never told a duration are left out. */
export function toHistory({ checkpoints }: CheckpointSummary): CheckpointHistory {
  const known = checkpoints.flatMap(({ checkpoint, count, errors, p50_ms: p50Ms, p95_ms: p95Ms }) =>
    p50Ms === null || p95Ms === null ? [] : [[checkpoint, { count, errors, p50Ms, p95Ms }] as const],
  );
  return { byName: Object.fromEntries(known) };
}

const isSameFigures = (a: PastFigures | undefined, b: PastFigures): boolean =>
  a?.count === b.count && a.errors === b.errors && a.p50Ms === b.p50Ms && a.p95Ms === b.p95Ms;

export function isSameHistory(a: CheckpointHistory | null, b: CheckpointHistory): boolean {
  const names = Object.keys(b.byName);
  return (
    a !== null &&
    names.length === Object.keys(a.byName).length &&
    Object.entries(b.byName).every(([name, figures]) => isSameFigures(pastOf(a, name), figures))
  );
}
