import type { RunningFlows } from '@flow-tracking/protocol';
import { createRunningSource, REFRESH_MS, type RunningState } from './running-source';

const nothing: RunningFlows = { now_ts: 1, flows: [], has_more: false };

describe('createRunningSource', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('asks once for all who watch the same, again and again, until nobody does', async () => {
    const asked: unknown[] = [];
    const source = createRunningSource(
      (filter) => {
        asked.push(filter);
        return Promise.resolve(nothing);
      },
      () => false,
    );
    const seen: RunningState[] = [];
    const first = source.watch({ limit: 5 }).subscribe((state) => seen.push(state));
    const second = source.watch({ limit: 5 }).subscribe((state) => seen.push(state));
    await jest.advanceTimersByTimeAsync(2 * REFRESH_MS);
    expect(asked).toEqual([{ limit: 5 }, { limit: 5 }, { limit: 5 }]);
    expect(seen).toHaveLength(6);
    first.unsubscribe();
    second.unsubscribe();
    await jest.advanceTimersByTimeAsync(3 * REFRESH_MS);
    expect(asked).toHaveLength(3);
  });

  it('tells a late one at once what is known, and what went wrong without ending', async () => {
    let works = true;
    const source = createRunningSource(
      () => (works ? Promise.resolve(nothing) : Promise.reject(new Error('away'))),
      () => false,
    );
    const seen: RunningState[] = [];
    const first = source.watch({}).subscribe();
    await jest.advanceTimersByTimeAsync(1);
    const late = source.watch({}).subscribe((state) => seen.push(state));
    expect(seen).toEqual([{ running: nothing, problem: null }]);
    works = false;
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    works = true;
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    expect(seen.map(({ problem }) => problem)).toEqual([null, 'away', null]);
    first.unsubscribe();
    late.unsubscribe();
  });

  it('gives up an answer after 5 s, says so, and asks again', async () => {
    const signals: AbortSignal[] = [];
    const source = createRunningSource(
      (_filter, signal) => {
        signals.push(signal!);
        return signals.length === 1 ? new Promise(() => undefined) : Promise.resolve(nothing);
      },
      () => false,
    );
    const seen: RunningState[] = [];
    const watching = source.watch({}).subscribe((state) => seen.push(state));
    await jest.advanceTimersByTimeAsync(4_999);
    expect(seen).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(seen).toEqual([{ running: null, problem: expect.stringContaining('The bridge does not answer') as string }]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await jest.advanceTimersByTimeAsync(REFRESH_MS);
    expect(seen.at(-1)).toEqual({ running: nothing, problem: null });
    watching.unsubscribe();
  });

  it('does not ask while nobody can see the page', async () => {
    let isHidden = false;
    let asked = 0;
    const source = createRunningSource(
      () => {
        asked++;
        return Promise.resolve(nothing);
      },
      () => isHidden,
    );
    const watching = source.watch({}).subscribe();
    await jest.advanceTimersByTimeAsync(1);
    isHidden = true;
    await jest.advanceTimersByTimeAsync(5 * REFRESH_MS);
    expect(asked).toBe(1);
    watching.unsubscribe();
  });
});
