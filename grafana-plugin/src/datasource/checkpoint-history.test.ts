import type { CheckpointSummary } from '@flow-tracking/protocol';
import type { Subscription } from 'rxjs';
import type { CheckpointHistory } from '../frames/history';
import { createCheckpointHistory, REFRESH_MS, type CheckpointHistorySource } from './checkpoint-history';

const summaryOf = (p95_ms: number): CheckpointSummary => ({
  from_ts: 0,
  to_ts: 1,
  has_more: false,
  checkpoints: [
    {
      checkpoint: 'llm',
      count: 40,
      rate: 1,
      errors: 2,
      error_rate: 0.05,
      p50_ms: 10,
      p95_ms,
      p99_ms: 90,
      mean_ms: 12,
      input_tokens: 0,
      output_tokens: 0,
      first_chunk_p50_ms: null,
      first_chunk_p95_ms: null,
      first_chunk_p99_ms: null,
      models: [],
    },
  ],
});

let asked: number;
let answer: () => Promise<CheckpointSummary>;
let source: CheckpointHistorySource;

beforeEach(() => {
  jest.useFakeTimers();
  asked = 0;
  answer = () => Promise.resolve(summaryOf(30));
  source = createCheckpointHistory(() => {
    asked++;
    return answer();
  });
});

afterEach(() => jest.useRealTimers());

/** The p95 that each emission tells of. */
function follow(kind: 'watch' | 'read') {
  const seen: (CheckpointHistory | null)[] = [];
  const follower = { seen, ended: false, p95: () => seen.map((history) => history?.byName['llm']?.p95Ms) };
  const subscription: Subscription = source[kind]().subscribe({
    next: (history) => seen.push(history),
    complete: () => (follower.ended = true),
  });
  return Object.assign(follower, { stop: () => subscription.unsubscribe() });
}

describe('a source of the history of checkpoints', () => {
  it('is asked once for all who watch, every minute, until nobody does', async () => {
    const first = follow('watch');
    const second = follow('watch');
    await jest.advanceTimersByTimeAsync(0);
    expect([asked, first.p95(), second.p95()]).toEqual([1, [undefined, 30], [undefined, 30]]);
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    expect(asked).toBe(2);
    first.stop();
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    expect(asked).toBe(3);
    second.stop();
    await jest.advanceTimersByTimeAsync(10 * REFRESH_MS);
    expect([asked, jest.getTimerCount()]).toEqual([3, 0]);
  });

  it('says nothing while nothing changes', async () => {
    const { seen, p95, stop } = follow('watch');
    await jest.advanceTimersByTimeAsync(3 * REFRESH_MS);
    expect(seen).toHaveLength(2);
    answer = () => Promise.resolve(summaryOf(31));
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    expect(p95()).toEqual([undefined, 30, 31]);
    stop();
  });

  it('keeps what it knows when the bridge does not answer, and asks again a minute later', async () => {
    const { p95, stop } = follow('watch');
    await jest.advanceTimersByTimeAsync(0);
    answer = () => Promise.reject(new Error('away'));
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    answer = () => Promise.resolve(summaryOf(32));
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    expect(p95()).toEqual([undefined, 30, 32]);
    stop();
  });

  it('keeps an answer that comes when nobody watches any more, and does not ask at once again', async () => {
    follow('watch').stop();
    const later = follow('watch');
    expect(asked).toBe(0);
    await jest.advanceTimersByTimeAsync(0);
    later.stop();
    const last = follow('watch');
    await jest.advanceTimersByTimeAsync(REFRESH_MS / 2);
    expect([asked, last.p95()]).toEqual([1, [30]]);
    last.stop();
  });

  it('is read once by who does not watch', async () => {
    const first = follow('read');
    expect([first.p95(), first.ended]).toEqual([[undefined], false]);
    await jest.advanceTimersByTimeAsync(0);
    const second = follow('read');
    expect([first.p95(), first.ended]).toEqual([[undefined, 30], true]);
    expect([second.p95(), second.ended]).toEqual([[30], true]);
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    expect(asked).toBe(1);
    answer = () => Promise.reject(new Error('away'));
    const third = follow('read');
    await jest.advanceTimersByTimeAsync(0);
    expect([third.p95(), third.ended, asked]).toEqual([[30], true, 2]);
  });
});
