import { REFRESH_MS } from '../../../datasource/queries/running/running-source';
import type { RunningView } from './running-view';

/** So long after the last answer nobody knows what still runs: answers are missing that should have come. */
export const SILENT_AFTER_MS = 3 * REFRESH_MS;

/** The clock of the bridge, by which flows are timed. */
export interface BridgeClock {
  /** When the bridge answered last, epoch ms. */
  readonly nowTs: number;
  /** True while the bridge can't be asked, so that times do not go on. */
  readonly isStill: boolean;
  /** The bridge's time at a moment of the browser's, epoch ms; goes no further than what the last answer is good for. */
  readonly at: (browserTs: number) => number;
}

export function bridgeClock({ running, problem, aheadMs, answeredTs }: RunningView): BridgeClock {
  const nowTs = running?.now_ts ?? 0;
  const isStill = problem !== null;
  return {
    nowTs,
    isStill,
    at: (browserTs) => (isStill ? nowTs : Math.min(browserTs, answeredTs + SILENT_AFTER_MS) + aheadMs),
  };
}
