import { createAttributeEncoder } from '../encode/attributes';
import { createEventEncoder } from '../encode/event-text';
import type { Batch, Frame, WriteResult } from './batch';
import { Recorder, type RecorderOptions } from './recorder';

const OPTIONS: RecorderOptions = { liveMs: 5, idleMs: 75, batchBytes: 1000, maxEvents: 100, maxBytes: 10_000 };

interface Write {
  events: unknown[];
  live: Record<string, unknown[]>;
  frames: readonly Frame[];
  answer(result?: Partial<WriteResult>): Promise<void>;
}

const neverWritten = (): never => {
  throw new Error('Nothing was written.');
};

const textOf = createEventEncoder(
  createAttributeEncoder({ eventBytes: 65_536, attributes: 128, valueBytes: 16_384 }, undefined),
);

const parse = (bytes: Buffer): unknown => JSON.parse(bytes.toString());

/** The tests' events are any JSON, after the comma that events begin with. */
const json = (value: unknown): string => `,${JSON.stringify(value)}`;

/** A recorder whose writes are answered by the test, on a clock that the test moves. */
function createRecorder(options: Partial<RecorderOptions> = {}) {
  const writes: Write[] = [];
  const warnings: string[] = [];
  const told: [message: string, fields: unknown][] = [];
  const sink = { ready: true };
  const write = ({ blocks, frames }: Batch): Promise<WriteResult> =>
    new Promise((resolve) => {
      const live = frames.map((frame) => [frame.userId, (parse(frame.bytes) as { events: unknown[] }).events]);
      writes.push({
        events: blocks.flatMap(({ bytes }) => parse(bytes) as unknown[]),
        live: Object.fromEntries(live) as Write['live'],
        frames,
        async answer(result) {
          resolve({ stored: blocks.length, unpublished: [], ...result });
          await jest.advanceTimersByTimeAsync(0);
        },
      });
    });
  const recorder = new Recorder(
    { ...OPTIONS, ...options },
    { isReady: () => sink.ready, write },
    (code, message, fields) => {
      warnings.push(code);
      told.push([message, fields]);
    },
    setTimeout,
    textOf,
  );
  /** An event that becomes text later. */
  const recordPending = (seq: number, liveUser?: string): void => {
    Object.assign(recorder.next, {
      type: 'checkpoint',
      flowText: ',{"flow_id":"F"',
      seq,
      ts: 1,
      parentId: null,
      name: 'step',
      status: undefined,
      durationMs: 1,
      attributes: { text: 'ü'.repeat(seq % 100) },
      moreText: '',
    });
    recorder.recordNext(liveUser);
  };
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const latest = (): Write => writes[writes.length - 1] ?? neverWritten();
  return { recorder, recordPending, sink, writes, warnings, told, pass, latest };
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
    recorder.record(json('a'), undefined);
    await pass(50);
    recorder.record(json('b'), undefined);
    await pass(24);
    expect(writes).toHaveLength(0);
    await pass(1);
    expect(writes).toMatchObject([{ events: ['a', 'b'], live: {} }]);
  });

  it('comes soon when an event of a monitored user waits', async () => {
    const { recorder, writes, pass } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(10);
    recorder.record(json('b'), 'ann');
    await pass(5);
    expect(writes).toMatchObject([{ events: ['a', 'b'], live: { ann: ['b'] } }]);
  });

  it('comes at once when the queue has a batch', async () => {
    const { recorder, writes, pass } = createRecorder();
    for (let i = 0; i < 11; i++) recorder.record(json('x'.repeat(100)), undefined);
    await pass(1);
    expect(writes[0]?.events).toHaveLength(10);
  });

  it('has one batch under way at a time, in order', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    recorder.record(json('b'), 'ann');
    await pass(1000);
    expect(writes).toHaveLength(1);
    await latest().answer();
    await pass(5);
    expect(writes.map(({ events }) => events)).toEqual([['a'], ['b']]);
  });

  it('waits for the idle time again when nobody watches what came meanwhile', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    recorder.record(json('b'), undefined);
    await latest().answer();
    await pass(74);
    expect(writes).toHaveLength(1);
    await pass(1);
    expect(latest().events).toEqual(['b']);
  });

  it('writes live events less often while there are many', async () => {
    const { recorder, writes, pass, latest } = createRecorder({ batchBytes: 100_000, maxEvents: 1_000, maxBytes: 1e6 });
    const recordMany = (count: number): void => {
      for (let i = 0; i < count; i++) recorder.record(json(i), 'ann');
    };
    recordMany(100);
    await pass(5);
    expect(writes).toHaveLength(1);
    await latest().answer();
    recordMany(99);
    await pass(24);
    expect(writes).toHaveLength(1);
    await pass(1);
    expect(writes).toHaveLength(2);
    await latest().answer();
    recordMany(1);
    await pass(5);
    expect(writes).toHaveLength(3);
  });

  it('leaves no timer when all is written', async () => {
    const { recorder, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    await latest().answer();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('publishes earlier events ahead of the next one, without writing them again', async () => {
    const { recorder, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    await latest().answer();
    recorder.publishEarlier('ann', [json('a')]);
    recorder.record(json('b'), 'ann');
    await pass(5);
    expect(latest()).toMatchObject({ events: ['b'], live: { ann: ['a', 'b'] } });
    await latest().answer();
    expect(recorder.stats()).toMatchObject({ published: 1, queued: { events: 0, bytes: 0 } });
  });
});

describe('events that become text later', () => {
  const seqsOf = (events: unknown[]): unknown[] => events.map((event) => (event as { seq?: number }).seq ?? event);

  it('keep their order among those that are text, and their viewers', async () => {
    const { recorder, recordPending, writes, pass } = createRecorder();
    recordPending(0);
    recordPending(1, 'ann');
    recorder.record(json('text'), 'ann');
    recordPending(3);
    recordPending(4, 'ann');
    await pass(5);
    expect(writes).toHaveLength(1);
    expect(seqsOf(writes[0]?.events ?? [])).toEqual([0, 1, 'text', 3, 4]);
    expect(seqsOf(writes[0]?.live['ann'] ?? [])).toEqual([1, 'text', 4]);
  });

  it('are all written, in order, however many come before a flush', async () => {
    const { recordPending, recorder, writes, pass, latest } = createRecorder({
      batchBytes: 64 * 1024,
      maxEvents: 10_000,
      maxBytes: 10_000_000,
    });
    for (let seq = 0; seq < 3000; seq++) recordPending(seq);
    for (let i = 0; recorder.stats().written < 3000; i++) {
      await pass(75);
      await latest().answer();
      expect(i).toBeLessThan(10);
    }
    expect(seqsOf(writes.flatMap(({ events }) => events))).toEqual(Array.from({ length: 3000 }, (_, seq) => seq));
  });

  it('count among the held, never above the limits, and are dropped at close', async () => {
    for (const maxBytes of [1000, 5000, 20_000, 100_000]) {
      const { recordPending, recorder } = createRecorder({ maxBytes, maxEvents: 10_000, batchBytes: 1_000_000 });
      let seq = 0;
      while (recorder.stats().dropped.queue_full === 0) {
        // What `stats` makes text of must not be what keeps the limit.
        for (let i = 0; i < 100; i++) recordPending(seq++);
        expect(recorder.stats().queued.bytes).toBeLessThanOrEqual(maxBytes);
      }
      const { recorded, queued } = recorder.stats();
      expect(queued.events).toBe(recorded);
      expect(queued.bytes).toBeGreaterThan(maxBytes - 1000);
      recorder.close(0).catch(() => undefined);
    }
    const { recordPending, recorder } = createRecorder({ maxEvents: 3 });
    for (let seq = 0; seq < 5; seq++) recordPending(seq);
    expect(recorder.stats()).toMatchObject({ recorded: 3, dropped: { queue_full: 2 }, queued: { events: 3 } });
    const closed = recorder.close(0);
    await jest.advanceTimersByTimeAsync(0);
    await closed;
    expect(recorder.stats()).toMatchObject({ dropped: { closed: 3 }, queued: { events: 0, bytes: 0 } });
  });
});

describe('a sink that is not ready', () => {
  it('is not asked to write, without a warning, and gets all when it is', async () => {
    const { recorder, sink, writes, warnings, pass, latest } = createRecorder();
    sink.ready = false;
    recorder.record(json('a'), 'ann');
    await pass(10_000);
    expect(writes).toHaveLength(0);
    recorder.record(json('b'), undefined);
    await pass(10_000);
    sink.ready = true;
    recorder.resume();
    await pass(0);
    expect(latest()).toMatchObject({ events: ['a', 'b'], live: { ann: ['a'] } });
    expect(warnings).toEqual([]);
  });

  it('gets a batch that failed before without waiting for its delay', async () => {
    const { recorder, sink, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    sink.ready = false;
    await latest().answer({ stored: 0, error: new Error('away') });
    await pass(10_000);
    expect(writes).toHaveLength(1);
    sink.ready = true;
    recorder.resume();
    await pass(1);
    expect(latest().events).toEqual(['a']);
    await latest().answer();
    expect(recorder.stats()).toMatchObject({ written: 1, queued: { events: 0, bytes: 0 } });
  });
});

describe('a sink that becomes ready while a batch is on its way', () => {
  it('is not given that batch twice', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    recorder.resume();
    recorder.record(json('b'), undefined);
    recorder.resume();
    await pass(10);
    expect(writes).toHaveLength(1);
    await latest().answer();
    await pass(75);
    expect(writes.map(({ events }) => events)).toEqual([['a'], ['b']]);
  });

  it('is asked for nothing when nothing is left, and for what comes then', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    await latest().answer({ stored: 0, error: new Error('away') });
    await pass(1_000);
    recorder.resume();
    await latest().answer();
    await pass(1_000);
    recorder.record(json('b'), undefined);
    await pass(75);
    expect(writes.map(({ events }) => events)).toEqual([['a'], ['a'], ['b']]);
  });
});

describe('the process', () => {
  it('is held by what waits until a second after it was to be sent', async () => {
    const { recorder, sink, pass } = createRecorder();
    sink.ready = false;
    recorder.record(json('a'), undefined);
    await pass(1074);
    expect(jest.getTimerCount()).toBe(1);
    await pass(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not held by a connection that comes up while nothing waits', () => {
    const { recorder } = createRecorder();
    recorder.resume();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a full queue', () => {
  it('drops the newest events, counts and tells it', async () => {
    const { recorder, warnings, pass, latest } = createRecorder({ maxEvents: 3 });
    for (const event of ['a', 'b', 'c', 'd', 'e']) recorder.record(json(event), 'ann');
    expect(recorder.stats()).toMatchObject({
      recorded: 3,
      dropped: { queue_full: 2, closed: 0 },
      queued: { events: 3, bytes: 13 },
    });
    await pass(5);
    expect(latest()).toMatchObject({ events: ['a', 'b', 'c'], live: { ann: ['a', 'b', 'c'] } });
    expect(warnings).toContain('events_dropped_queue_full');
  });

  it('counts what is on its way, and has room again when that is written', async () => {
    const { recorder, pass, latest } = createRecorder({ maxEvents: 1 });
    recorder.record(json('a'), undefined);
    await pass(75);
    recorder.record(json('b'), undefined);
    expect(recorder.stats().dropped.queue_full).toBe(1);
    await latest().answer();
    recorder.record(json('c'), undefined);
    await pass(75);
    expect(latest().events).toEqual(['c']);
  });

  it('is bound by bytes, too, also for what is published only', () => {
    const { recorder } = createRecorder({ maxBytes: 20 });
    recorder.record(json('x'.repeat(8)), undefined);
    recorder.record(json('y'.repeat(4)), undefined);
    recorder.record(json('z'.repeat(2)), undefined);
    recorder.publishEarlier('ann', [json('a')]);
    expect(recorder.stats()).toMatchObject({
      recorded: 2,
      unpublished: 1,
      dropped: { queue_full: 1 },
      queued: { bytes: 19 },
    });
  });

  it('never holds a byte more than it may, whatever the events are of', () => {
    for (let maxBytes = 4000; maxBytes < 4100; maxBytes++) {
      const { recorder } = createRecorder({ maxBytes, maxEvents: 10_000 });
      let size = 0;
      while (recorder.stats().dropped.queue_full === 0) {
        size = (size * 7 + 5) % 61;
        recorder.record(json((size % 3 === 0 ? '漢' : 'x').repeat(size)), undefined);
        expect(recorder.stats().queued.bytes).toBeLessThanOrEqual(maxBytes);
      }
      expect(recorder.stats().queued.bytes).toBeGreaterThan(maxBytes - 200);
    }
  });
});

describe('a write that fails', () => {
  const error = new Error('away');

  it('is tried again as it was, ahead of what came meanwhile', async () => {
    const { recorder, writes, warnings, pass, latest } = createRecorder();
    recorder.record(json('a'), 'ann');
    await pass(5);
    await latest().answer({ stored: 0, unpublished: latest().frames, error });
    recorder.record(json('b'), undefined);
    await pass(100);
    expect(writes).toHaveLength(2);
    expect(latest()).toMatchObject({ events: ['a'], live: { ann: ['a'] } });
    await latest().answer();
    await pass(75);
    expect(latest().events).toEqual(['b']);
    await latest().answer();
    expect(recorder.stats()).toMatchObject({ written: 2, flushes: { count: 3, failed: 1 }, queued: { bytes: 0 } });
    expect(warnings).toEqual(['write_failed']);
  });

  it('is tried again from the block on that failed', async () => {
    const { recorder, writes, pass, latest } = createRecorder({ batchBytes: 10 });
    for (const event of ['first block', 'second block', 'third block']) recorder.record(json(event), undefined);
    await pass(0);
    expect(latest().events).toEqual(['first block', 'second block', 'third block']);
    await latest().answer({ stored: 1, error });
    expect(recorder.stats()).toMatchObject({ written: 1, queued: { events: 2 } });
    await pass(100);
    expect(latest().events).toEqual(['second block', 'third block']);
    await latest().answer();
    expect(writes).toHaveLength(2);
    expect(recorder.stats()).toMatchObject({ written: 3, queued: { events: 0, bytes: 0 } });
  });

  it('is not hurried by new events', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    await latest().answer({ stored: 0, error });
    recorder.record(json('b'), 'ann');
    await pass(40);
    expect(writes).toHaveLength(1);
  });

  it('gives live frames up once the stream has the events', async () => {
    const { recorder, warnings, pass, latest } = createRecorder();
    recorder.record(json('a'), 'ann');
    await pass(5);
    await latest().answer({ unpublished: latest().frames, error });
    await pass(10_000);
    expect(recorder.stats()).toMatchObject({ written: 1, unpublished: 1, flushes: { count: 1 } });
    expect(warnings).toEqual(['publish_failed']);
  });
});

describe('warnings', () => {
  it('say what is the matter, and what Redis said', async () => {
    const { recorder, told, pass, latest } = createRecorder({ maxEvents: 1 });
    const error = new Error('OOM');
    recorder.record(json('a'), 'ann');
    recorder.record(json('b'), 'ann');
    await pass(5);
    await latest().answer({ stored: 0, unpublished: latest().frames, error });
    await pass(100);
    await latest().answer({ unpublished: latest().frames, error });
    expect(told).toEqual([
      ['Events dropped (queue_full): 1 in all', undefined],
      [expect.stringContaining('tried again'), { error }],
      [expect.stringContaining('history has them'), { error }],
    ]);
  });
});

describe('flush and close', () => {
  it('say at once when there is nothing to write, and tell nothing', async () => {
    const { recorder, warnings } = createRecorder();
    expect(await recorder.flush(1000)).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
    await recorder.close(1000);
    expect(warnings).toEqual([]);
  });

  it('write without waiting for the idle time', async () => {
    const { recorder, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    const flushed = recorder.flush(1000);
    await pass(1);
    await latest().answer();
    expect(await flushed).toBe(true);
  });

  it('give up after their time', async () => {
    const { recorder, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    const flushed = recorder.flush(1000);
    await pass(1000);
    expect(await flushed).toBe(false);
    recorder.record(json('b'), undefined);
    const closed = recorder.close(1000);
    await pass(1000);
    await closed;
    expect(recorder.stats()).toMatchObject({
      written: 0,
      dropped: { closed: 2 },
      queued: { events: 0, bytes: 0 },
    });
    // An answer that comes after all is counted nowhere twice.
    await latest().answer();
    expect(recorder.stats()).toMatchObject({ written: 0, flushes: { count: 0 } });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('tell one who waits for a flush that what was dropped is not written', async () => {
    const { recorder, sink, pass } = createRecorder();
    sink.ready = false;
    recorder.record(json('a'), undefined);
    const flushed = recorder.flush(60_000);
    const closed = recorder.close(1_000);
    await pass(1_000);
    await closed;
    expect(await flushed).toBe(false);
    expect(await recorder.flush(1_000)).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('hold nothing when they have closed and Redis is back', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    await latest().answer({ stored: 0, error: new Error('away') });
    const closed = recorder.close(0);
    await pass(0);
    await closed;
    recorder.resume();
    expect(jest.getTimerCount()).toBe(0);
    await recorder.close(0);
    expect(recorder.stats()).toMatchObject({ dropped: { closed: 1 } });
    expect(writes).toHaveLength(1);
  });

  it('take nothing more, and count it', async () => {
    const { recorder } = createRecorder();
    await recorder.close(0);
    recorder.record(json('late'), 'ann');
    recorder.publishEarlier('ann', [json('late')]);
    expect(recorder.stats()).toMatchObject({ recorded: 0, unpublished: 1, dropped: { closed: 1 } });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('wait for all that was recorded before, of which nothing waits for the idle time', async () => {
    const { recorder, writes, pass, latest } = createRecorder();
    recorder.record(json('a'), undefined);
    await pass(75);
    recorder.record(json('b'), undefined);
    const flushed = recorder.flush(1000);
    await latest().answer();
    await pass(1);
    expect(writes.map(({ events }) => events)).toEqual([['a'], ['b']]);
    await latest().answer();
    expect(await flushed).toBe(true);
  });

  it('wait no longer for a Redis that can not be reached when they close, and else go on', async () => {
    const { recorder, sink, pass, latest } = createRecorder();
    sink.ready = false;
    recorder.record(json('a'), undefined);
    const flushed = recorder.flush(1000);
    await pass(1);
    recorder.unreachable();
    sink.ready = true;
    recorder.resume();
    await pass(0);
    await latest().answer();
    expect(await flushed).toBe(true);
    sink.ready = false;
    recorder.record(json('b'), undefined);
    const closed = recorder.close(60_000);
    await pass(1);
    recorder.unreachable();
    await closed;
    expect(recorder.stats()).toMatchObject({ written: 1, dropped: { closed: 1 } });
  });
});

describe('stats', () => {
  it('tell how long the latest and the longest write took', async () => {
    const { recorder, pass, latest } = createRecorder();
    for (const ms of [40, 10]) {
      recorder.record(json('a'), undefined);
      await pass(75 + ms);
      await latest().answer();
    }
    expect(recorder.stats().flushes).toEqual({ count: 2, failed: 0, lastMs: 10, maxMs: 40 });
  });

  it('tell which live frames were published and which were not', async () => {
    const { recorder, pass, latest } = createRecorder();
    for (const user of ['ann', 'bob', 'eve']) recorder.record(json('a'), user);
    await pass(5);
    await latest().answer({ unpublished: latest().frames.slice(2) });
    expect(recorder.stats()).toMatchObject({ published: 2, unpublished: 1 });
  });

  it('are copies, which what comes after does not change', async () => {
    const { recorder, pass, latest } = createRecorder({ maxEvents: 1 });
    const before = recorder.stats();
    for (const event of ['a', 'b']) recorder.record(json(event), undefined);
    await pass(75);
    await latest().answer();
    expect(before).toMatchObject({ recorded: 0, dropped: { queue_full: 0 }, flushes: { count: 0 } });
  });
});
