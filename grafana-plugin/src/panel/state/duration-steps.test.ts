import type { DataFrame } from '@grafana/data';
import { createStepsReader } from './duration-steps';

const frame = (name: string, thresholds: unknown): DataFrame =>
  ({ name, length: 0, fields: [{ name: 'duration_ms', type: 'number', config: { thresholds }, values: [] }] }) as never;
const absolute = (...steps: [value: number, color: string][]) => ({
  mode: 'absolute',
  steps: steps.map(([value, color]) => ({ value, color })),
});

describe('steps of durations', () => {
  it('are the thresholds of checkpoints, without the base', () => {
    const read = createStepsReader();
    const own = frame('checkpoints', absolute([-Infinity, 'green'], [3_000, 'red'], [1_000, 'orange']));
    const steps = read([frame('flows', absolute([5, 'blue'])), own]);
    expect(steps).toEqual([
      { fromMs: 1_000, color: 'orange' },
      { fromMs: 3_000, color: 'red' },
    ]);
    expect(read([frame('checkpoints', absolute([1_000, 'orange'], [3_000, 'red']))])).toBe(steps);
  });

  it('are none where there are no absolute ones', () => {
    const read = createStepsReader();
    const share = { mode: 'percentage', steps: [{ value: 80, color: 'red' }] };
    expect(
      [[], [frame('checkpoints', undefined)], [frame('checkpoints', share)]].map((frames) => read(frames)),
    ).toEqual([[], [], []]);
  });
});
