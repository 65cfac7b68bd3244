import type { RunningFlows } from '@flow-tracking/protocol';
import type { RunningState } from '../../../datasource/queries/running/running-source';

/** What the page knows of what runs. */
export interface RunningView {
  /** The latest answer; null until the first. */
  readonly running: RunningFlows | null;
  /** Why it can't be asked for now, in words; then the latest answer stays. */
  readonly problem: string | null;
  /** By how much the bridge's clock is ahead of the browser's, ms. */
  readonly aheadMs: number;
  /** When the latest answer came, by the browser's clock, epoch ms. */
  readonly answeredTs: number;
}

export const NOTHING_KNOWN: RunningView = { running: null, problem: null, aheadMs: 0, answeredTs: 0 };

/** Answers take a little longer or shorter on their way, which must not let times step back. */
const SAME_CLOCK_MS = 1_000;

/** @param nowTs by the browser's clock, epoch ms */
export function nextView(before: RunningView, { running, problem }: RunningState, nowTs: number): RunningView {
  if (running === null) return { ...before, problem };
  const aheadMs = running.now_ts - nowTs;
  const isSameClock = before.running !== null && Math.abs(aheadMs - before.aheadMs) < SAME_CLOCK_MS;
  return { running, problem: null, aheadMs: isSameClock ? before.aheadMs : aheadMs, answeredTs: nowTs };
}
