import type { CheckpointHistory } from '../../frames/history';
import type { PanelNode } from '../../frames/panel-flow';
import { createSlowLimits } from './slow-limits';

const T0 = 1_700_000_000_000;
const history = (count: number): CheckpointHistory => ({
  byName: { llm: { count, errors: 0, p50Ms: 800, p95Ms: 2_000 }, quick: { count, errors: 0, p50Ms: 0.1, p95Ms: 0.2 } },
});
const node = (over: Partial<PanelNode>): PanelNode => ({
  id: '1',
  parentId: null,
  checkpoint: 'llm',
  status: 'ok',
  startedTs: T0,
  endedTs: null,
  durationMs: null,
  error: null,
  attributes: {},
  ...over,
});
const steps = [
  { fromMs: 1_000, color: 'yellow' },
  { fromMs: 3_000, color: 'red' },
];

describe('slow limits', () => {
  const limits = createSlowLimits(history(20), []);
  const factorAt = (ms: number): number | null | undefined =>
    limits.markOf(node({ status: 'running' }), T0 + ms)?.factor;

  it('mark a node that took longer than the p95 of its name, with the factor', () => {
    expect(limits.markOf(node({ durationMs: 3_400 }), 0)).toEqual({ factor: 1.7, step: null });
    expect(limits.markOf(node({ durationMs: 2_000 }), 0)).toBeNull();
    expect(limits.markOf(node({ durationMs: 3_400, checkpoint: 'other' }), 0)).toBeNull();
  });

  it('mark a running node from the moment that it passes', () => {
    expect([1_999, 2_000].map(factorAt)).toEqual([undefined, undefined]);
    expect(factorAt(2_001)).toBeCloseTo(1.0005, 9);
    expect(factorAt(5_000)).toBe(2.5);
  });

  it('know nothing by fewer than 20 samples', () => {
    expect(createSlowLimits(history(19), []).markOf(node({ durationMs: 3_400 }), 0)).toBeNull();
    expect(createSlowLimits(null, []).markOf(node({ durationMs: 3_400 }), 0)).toBeNull();
  });

  it('leave alone what is under a millisecond, was lost, or has no duration', () => {
    expect(limits.markOf(node({ checkpoint: 'quick', durationMs: 0.9 }), 0)).toBeNull();
    expect(limits.markOf(node({ checkpoint: 'quick', durationMs: 1 }), 0)?.factor).toBeCloseTo(5, 9);
    expect(limits.markOf(node({ status: 'lost', durationMs: 9_000 }), 0)).toBeNull();
    expect(limits.markOf(node({ durationMs: null }), 0)).toBeNull();
  });

  it('mark by the highest threshold that a node has passed', () => {
    const both = createSlowLimits(history(20), steps);
    const markOf = (durationMs: number) => both.markOf(node({ durationMs }), 0);
    expect(markOf(999)).toBeNull();
    expect(markOf(1_000)).toEqual({ factor: null, step: steps[0] });
    expect(markOf(3_000)).toEqual({ factor: 1.5, step: steps[1] });
  });
});
