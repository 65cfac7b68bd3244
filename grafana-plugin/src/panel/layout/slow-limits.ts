import { LEAST_SAMPLES, pastOf, type CheckpointHistory } from '../../frames/history';
import type { PanelNode } from '../../frames/panel-flow';

/** A step of the dashboard's thresholds on durations; the base, which holds from the start, is none. */
export interface DurationStep {
  readonly fromMs: number;
  /** As the dashboard names it: `orange`, `#ff8800`. */
  readonly color: string;
}

/** Why a node is slow: against its own history, against a threshold, or both. */
export interface SlowMark {
  /** How many times as long as its own p95; null when it is not over that, or there is none. */
  readonly factor: number | null;
  /** The highest step that it has passed. */
  readonly step: DurationStep | null;
}

/** What nodes are measured by; the same object as long as it is the same. */
export interface SlowLimits {
  /** Null for a node that is not slow, or whose duration nobody knows. */
  markOf(node: PanelNode, nowTs: number): SlowMark | null;
}

/** Below it nothing is slow: twice as long as 0.1 ms is of no interest to anyone. */
const LEAST_SLOW_MS = 1;

/** How long a node took, or has run; null when nobody knows. */
function measuredMs(node: PanelNode, nowTs: number): number | null {
  if (node.status === 'running') return nowTs - node.startedTs;
  return node.status === 'lost' ? null : node.durationMs;
}

/** @param steps in ascending order */
export function createSlowLimits(history: CheckpointHistory | null, steps: readonly DurationStep[]): SlowLimits {
  const p95Of = (checkpoint: string): number | null => {
    const past = pastOf(history, checkpoint);
    return past === undefined || past.count < LEAST_SAMPLES || past.p95Ms <= 0 ? null : past.p95Ms;
  };
  return {
    markOf(node, nowTs) {
      const ms = measuredMs(node, nowTs);
      if (ms === null || ms < LEAST_SLOW_MS) return null;
      const p95Ms = p95Of(node.checkpoint);
      const factor = p95Ms !== null && ms > p95Ms ? ms / p95Ms : null;
      const step = steps.findLast(({ fromMs }) => ms >= fromMs) ?? null;
      return factor === null && step === null ? null : { factor, step };
    },
  };
}
