import { createFailures } from '../platform/failures';
import { createLogger } from '../platform/logger';
import type { HistoryStream } from './history-stream';
import { startStreamWatch } from './stream-watch';
import { createWrittenUntil } from './written-until';

const logger = createLogger('silent', 'json');

/** Streams whose oldest entries have these ages in ms; null: Redis does not tell. */
function watchStreams(ages: (number | null)[]) {
  const streams = ages.map(
    (_, partition) =>
      ({
        measure: () => {
          const ageMs = ages[partition] ?? null;
          if (ageMs === null) return Promise.reject(new Error('ETIMEDOUT'));
          return Promise.resolve({ entries: ageMs === 0 ? 0 : 1, ageMs, trimmed: 0 });
        },
      }) as HistoryStream,
  );
  const counts = { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 };
  const writtenUntil = createWrittenUntil();
  const watch = startStreamWatch({ streams, counts, writtenUntil, failures: createFailures(logger), logger });
  return { watch, writtenUntil };
}

beforeEach(() => {
  jest.useFakeTimers({ now: 100_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('startStreamWatch', () => {
  it('tells until when all partitions are written, every 5 s', async () => {
    const ages = [3_000, 0, 7_000];
    const { watch, writtenUntil } = watchStreams(ages);
    expect(writtenUntil.ts).toBe(0);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(writtenUntil.ts).toBe(98_000);
    ages.fill(0);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(writtenUntil.ts).toBe(110_000);
    watch.stop();
  });

  it('does not tell of a moment for which a partition is unknown', async () => {
    const ages = [0, 0 as number | null];
    const { watch, writtenUntil } = watchStreams(ages);
    await watch.measure();
    ages[1] = null;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await watch.measure()).toEqual([{ partition: 0, entries: 0, ms: 0 }]);
    expect(writtenUntil.ts).toBe(100_000);
    watch.stop();
  });
});
