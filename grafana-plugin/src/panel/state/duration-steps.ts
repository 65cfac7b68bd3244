import type { DataFrame, ThresholdsMode } from '@grafana/data';
import { CHECKPOINT_FIELDS, CHECKPOINTS_FRAME } from '../../frames/fields';
import type { DurationStep } from '../layout/slow-limits';

// By its value, so that this file needs nothing of Grafana at run time.
const ABSOLUTE = 'absolute' as ThresholdsMode.Absolute;
/** How frames of traces name it; ms as well. */
const TRACE_DURATION = 'duration';

function stepsOf(frames: readonly DataFrame[]): DurationStep[] {
  // Our flows have durations too; their thresholds are not those of a checkpoint.
  const frame = frames.find(({ name }) => name === CHECKPOINTS_FRAME) ?? frames[0];
  const field = frame?.fields.find(({ name }) => name === CHECKPOINT_FIELDS.durationMs || name === TRACE_DURATION);
  const thresholds = field?.config.thresholds;
  if (thresholds?.mode !== ABSOLUTE) return [];
  return thresholds.steps
    .flatMap(({ value, color }) => (Number.isFinite(value) ? [{ fromMs: value, color }] : []))
    .sort((a, b) => a.fromMs - b.fromMs);
}

const isSame = (a: readonly DurationStep[], b: readonly DurationStep[]): boolean =>
  a.length === b.length && a.every(({ fromMs, color }, i) => fromMs === b[i]?.fromMs && color === b[i].color);

/**
 * Reads the dashboard's thresholds on durations, absolute ones, in ascending order and without the base. The same array as
 * long as they are the same.
 */
export function createStepsReader(): (frames: readonly DataFrame[]) => readonly DurationStep[] {
  let steps: readonly DurationStep[] = [];
  return (frames) => {
    const read = stepsOf(frames);
    if (!isSame(steps, read)) steps = read;
    return steps;
  };
}
