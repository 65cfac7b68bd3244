import { Recorder, retryDelayMs, type Batch, type RecorderOptions, type WriteResult } from './recorder';

const OPTIONS: RecorderOptions = { liveMs: 5, idleMs: 75, batchSize: 1000, maxEvents: 100, maxSize: 10_000 };
const stored: WriteResult = { stored: true, published: 0, unpublished: new Map() };

interface Write {
  events: string[];
  live: Record<string, string[]>;
  answer(result?: Partial<WriteResult>): Promise<void>;
}

const neverWritten = (): never => {
  throw new Error('Nothing was written.');
};

/** A recorder whose writes are answered by the test, on a clock that the test moves. */
function createRecorder(options: Partial<RecorderOptions> = {}) {
  const writes: Write[] = [];
  const warnings: string[] = [];
  const write = ({ events, live }: Batch): Promise<WriteResult> =>
    new Promise((resolve) => {
      writes.push({
        events: [...events],
        live: Object.fromEntries(live),
        async answer(result) {
          resolve({ ...stored, ...result });
          await jest.advanceTimersByTimeAsync(0);
        },
      });
    });
  const recorder = new Recorder({ ...OPTIONS, ...options }, write, (code) => warnings.push(code));
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const latest = (): Write => writes[writes.length - 1] ?? neverWritten();
  return { recorder, writes, warnings, pass, latest };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the flush', () => {
  it('waits for the idle time, and takes all in one batch', async () => {
    const { recorder, writes, pass } = createRecorder();
    recorder.record('a', undefined);
    await pass(50);
    recorder.record('b', undefined);
    await pass(24);
    expect(writes).toHaveLength(0);
    await pass(1);
    expect(writes).toMatchObject([{ events: ['a', 'b'], live: {} }]);
  });

  it('comes soon when an event of a monitored user waits', async () => {
    const { recorder, writes, pass } = createRecorder();
    recorder.record('a', undefined);
    await pass(10);
    recorder.record('b', 'ann');
    await pass(5);
    expect(writes).toMatchObject([{ events: ['a', 'b'], live: { ann: ['b'] } }]);
  });

  it('comes at once when the queue has a batch', async () => {
    const { recorder, writes, pass } = createRecorder();
    for (let i = 0; i < 11; i++) recorder.record('x'.repeat(100), undefined);
    await pass(1);
    expect(writes[0]?.events).toHaveLength(10);
  });

  it('has one batch under way at a time, in order', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record('a', undefined);
    await pass(75);
    recorder.record('b', 'ann');
    await pass(1000);
    expect(writes).toHaveLength(1);
    await latest().answer();
    await pass(5);
    expect(writes.map(({ events }) => events)).toEqual([['a'], ['b']]);
  });

  it('publishes earlier events ahead of the next one, without writing them again', async () => {
    const { recorder, pass, latest } = createRecorder();
    recorder.record('a', undefined);
    await pass(75);
    await latest().answer();
    recorder.publishEarlier('ann', ['a']);
    recorder.record('b', 'ann');
    await pass(5);
    expect(latest()).toMatchObject({ events: ['b'], live: { ann: ['a', 'b'] } });
    await latest().answer({ published: 1 });
    expect(recorder.stats()).toMatchObject({ published: 1, queued: { events: 0, characters: 0 } });
  });
});

describe('a full queue', () => {
  it('drops the newest events, counts and tells it', async () => {
    const { recorder, warnings, pass, latest } = createRecorder({ maxEvents: 3 });
    for (const event of ['a', 'b', 'c', 'd', 'e']) recorder.record(event, 'ann');
    expect(recorder.stats()).toMatchObject({
      recorded: 3,
      dropped: { queue_full: 2, closed: 0 },
      queued: { events: 3, characters: 3 },
    });
    await pass(5);
    expect(latest()).toMatchObject({ events: ['a', 'b', 'c'], live: { ann: ['a', 'b', 'c'] } });
    expect(warnings).toContain('events_dropped_queue_full');
  });

  it('counts what is on its way, and has room again when that is written', async () => {
    const { recorder, pass, latest } = createRecorder({ maxEvents: 1 });
    recorder.record('a', undefined);
    await pass(75);
    recorder.record('b', undefined);
    expect(recorder.stats().dropped.queue_full).toBe(1);
    await latest().answer();
    recorder.record('c', undefined);
    await pass(75);
    expect(latest().events).toEqual(['c']);
  });

  it('is bound by characters, too, also for what is published only', () => {
    const { recorder } = createRecorder({ maxSize: 10 });
    recorder.record('x'.repeat(8), undefined);
    recorder.record('y'.repeat(3), undefined);
    recorder.record('z'.repeat(2), undefined);
    recorder.publishEarlier('ann', ['a']);
    expect(recorder.stats()).toMatchObject({
      recorded: 2,
      unpublished: 1,
      dropped: { queue_full: 1 },
      queued: { characters: 10 },
    });
  });
});

describe('a write that fails', () => {
  const error = new Error('away');

  it('is tried again as it was, ahead of what came meanwhile', async () => {
    const { recorder, writes, warnings, pass, latest } = createRecorder();
    recorder.record('a', 'ann');
    await pass(5);
    await latest().answer({ stored: false, unpublished: new Map([['ann', ['a']]]), error });
    recorder.record('b', undefined);
    await pass(100);
    expect(writes).toHaveLength(2);
    expect(latest()).toMatchObject({ events: ['a'], live: { ann: ['a'] } });
    await latest().answer();
    await pass(75);
    expect(latest().events).toEqual(['b']);
    await latest().answer();
    expect(recorder.stats()).toMatchObject({ written: 2, flushes: { count: 3, failed: 1 }, queued: { characters: 0 } });
    expect(warnings).toEqual(['write_failed']);
  });

  it('is not hurried by new events', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record('a', undefined);
    await pass(75);
    await latest().answer({ stored: false, error });
    recorder.record('b', 'ann');
    await pass(40);
    expect(writes).toHaveLength(1);
  });

  it('gives live frames up once the stream has the events', async () => {
    const { recorder, warnings, pass, latest } = createRecorder();
    recorder.record('a', 'ann');
    await pass(5);
    await latest().answer({ unpublished: new Map([['ann', ['a']]]), error });
    await pass(10_000);
    expect(recorder.stats()).toMatchObject({ written: 1, unpublished: 1, flushes: { count: 1 } });
    expect(warnings).toEqual(['publish_failed']);
  });

  it('is repeated ever more slowly, up to two seconds', () => {
    expect([1, 2, 3, 10, 1000].map((failures) => retryDelayMs(failures, () => 1))).toEqual([100, 200, 400, 2000, 2000]);
    expect(retryDelayMs(1, () => 0)).toBe(50);
  });
});

describe('flush and close', () => {
  it('say at once when there is nothing to write', async () => {
    const { recorder } = createRecorder();
    expect(await recorder.flush(1000)).toBe(true);
  });

  it('write without waiting for the idle time', async () => {
    const { recorder, pass, latest } = createRecorder();
    recorder.record('a', undefined);
    const flushed = recorder.flush(1000);
    await pass(1);
    await latest().answer();
    expect(await flushed).toBe(true);
  });

  it('give up after their time', async () => {
    const { recorder, pass, latest } = createRecorder();
    recorder.record('a', undefined);
    const flushed = recorder.flush(1000);
    await pass(1000);
    expect(await flushed).toBe(false);
    recorder.record('b', undefined);
    const closed = recorder.close(1000);
    await pass(1000);
    await closed;
    expect(recorder.stats()).toMatchObject({
      written: 0,
      dropped: { closed: 2 },
      queued: { events: 0, characters: 0 },
    });
    // An answer that comes after all is counted nowhere twice.
    await latest().answer();
    expect(recorder.stats().written).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('take nothing more, and count it', async () => {
    const { recorder } = createRecorder();
    await recorder.close(0);
    recorder.record('late', 'ann');
    recorder.publishEarlier('ann', ['late']);
    expect(recorder.stats()).toMatchObject({ recorded: 0, unpublished: 1, dropped: { closed: 1 } });
    expect(jest.getTimerCount()).toBe(0);
  });
});
