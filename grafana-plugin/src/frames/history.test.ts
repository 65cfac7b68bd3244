import type { CheckpointSummary } from '@flow-tracking/protocol';
import { isSameHistory, pastOf, toHistory } from './history';

type Line = CheckpointSummary['checkpoints'][number];

const line = (checkpoint: string, figures: Partial<Line> = {}): Line => ({
  checkpoint,
  count: 40,
  rate: 1,
  errors: 2,
  error_rate: 0.05,
  p50_ms: 10,
  p95_ms: 30,
  p99_ms: 50,
  mean_ms: 12,
  input_tokens: 0,
  output_tokens: 0,
  first_chunk_p50_ms: null,
  first_chunk_p95_ms: null,
  first_chunk_p99_ms: null,
  models: [],
  ...figures,
});
const summary = (...checkpoints: Line[]): CheckpointSummary => ({ from_ts: 0, to_ts: 1, checkpoints, has_more: false });

describe('history of checkpoints', () => {
  it('tells count, errors and percentiles by name', () => {
    const history = toHistory(summary(line('llm'), line('mark', { p50_ms: null, p95_ms: null })));
    expect(pastOf(history, 'llm')).toEqual({ count: 40, errors: 2, p50Ms: 10, p95Ms: 30 });
    expect(pastOf(history, 'mark')).toBeUndefined();
    expect(pastOf(null, 'llm')).toBeUndefined();
  });

  it('takes any name for a name', () => {
    const history = toHistory(summary(line('__proto__', { count: 7 })));
    expect(pastOf(history, 'constructor')).toBeUndefined();
    expect(pastOf(history, '__proto__')?.count).toBe(7);
    expect(pastOf(JSON.parse(JSON.stringify(history)) as typeof history, '__proto__')?.count).toBe(7);
  });

  it('is the same when all of its figures are', () => {
    const history = toHistory(summary(line('a'), line('b')));
    expect(isSameHistory(history, toHistory(summary(line('b'), line('a'))))).toBe(true);
    expect(isSameHistory(history, toHistory(summary(line('a'))))).toBe(false);
    expect(isSameHistory(history, toHistory(summary(line('a'), line('c'))))).toBe(false);
    expect(isSameHistory(history, toHistory(summary(line('a'), line('b', { p95_ms: 31 }))))).toBe(false);
    expect(isSameHistory(null, history)).toBe(false);
  });
});
