import type { PendingEvent } from '../encode/event-text';
import { EventQueue, type QueueLimits } from './event-queue';

const LIMITS: QueueLimits = { batchBytes: 1_000, maxEvents: 100, maxBytes: 100_000 };
const json = (value: unknown): string => `,${JSON.stringify(value)}`;

function createQueue(limits: Partial<QueueLimits> = {}) {
  /** Numbers of the events that became text. */
  const encoded: number[] = [];
  const queue = new EventQueue({ ...LIMITS, ...limits }, ({ type, seq, moreText }: PendingEvent) => {
    if (type === 'text') return moreText;
    encoded.push(seq);
    return json(seq);
  });
  const addPending = (seq: number, liveUser?: string): void => {
    Object.assign(queue.next, {
      type: 'checkpoint',
      seq,
      name: 'step',
      attributes: { text: 'long' },
      moreText: 'more',
    });
    queue.add(liveUser);
  };
  /** An event that is text already. */
  const add = (event: string, liveUser?: string): boolean => {
    Object.assign(queue.next, { type: 'text', attributes: undefined, moreText: event });
    return queue.add(liveUser);
  };
  const taken = (): unknown[] =>
    queue.take()?.blocks.flatMap(({ bytes }) => JSON.parse(bytes.toString()) as unknown[]) ?? [];
  return { queue, encoded, addPending, add, taken };
}

describe('a queue', () => {
  it('is empty at first', () => {
    const { queue } = createQueue();
    expect([queue.events, queue.bytes, queue.hasWaiting, queue.hasFullBatch, queue.hasLive]).toEqual([
      0,
      0,
      false,
      false,
      false,
    ]);
    expect(queue.take()).toBeUndefined();
    expect(queue.settle(0)).toBe(0);
  });

  it('says what waits, as text or not', () => {
    for (const live of [undefined, 'ann']) {
      const { queue, addPending } = createQueue();
      addPending(1, live);
      expect([queue.events, queue.hasWaiting, queue.hasLive]).toEqual([1, true, live !== undefined]);
      queue.encode();
      expect([queue.events, queue.hasWaiting, queue.hasLive]).toEqual([1, true, live !== undefined]);
      queue.take();
      expect([queue.events, queue.hasWaiting, queue.hasLive]).toEqual([1, false, false]);
      queue.settle(1);
      expect([queue.events, queue.bytes]).toEqual([0, 0]);
    }
  });

  it('has a full batch once a block has its size', () => {
    const { queue, add } = createQueue({ batchBytes: 11 });
    add(json('1234'));
    expect(queue.hasFullBatch).toBe(false);
    add(json(''));
    expect(queue.hasFullBatch).toBe(true);
    expect(queue.hasWaiting).toBe(true);
  });

  it('gives eight blocks at once, the same ones until they are written', () => {
    const { queue, taken, add } = createQueue({ batchBytes: 1 });
    for (let i = 0; i < 9; i++) add(json(i));
    const batch = queue.take();
    expect(batch?.blocks).toHaveLength(8);
    expect(queue.take()).toBe(batch);
    expect(queue.settle(3)).toBe(3);
    expect([queue.events, queue.bytes]).toEqual([6, 18]);
    expect(taken()).toEqual([3, 4, 5, 6, 7]);
    expect(queue.settle(5)).toBe(5);
    expect(taken()).toEqual([8]);
  });

  it('uses the memory of two written blocks again', () => {
    const { queue, add } = createQueue({ batchBytes: 1 });
    const memoryOfNext = (): ArrayBufferLike[] => {
      for (let i = 0; i < 8; i++) add(json(i));
      const memory = queue.take()!.blocks.map(({ bytes }) => bytes.buffer);
      queue.settle(8);
      return memory;
    };
    const first = memoryOfNext();
    expect(memoryOfNext().filter((memory) => first.includes(memory))).toEqual(first.slice(0, 2));
  });

  it('writes no block that has only what is published', () => {
    const { queue } = createQueue();
    expect(queue.addEarlier([json('a'), json('b')], 'ann')).toBe(true);
    expect([queue.events, queue.bytes, queue.hasLive]).toEqual([0, 9, true]);
    const batch = queue.take();
    expect(batch?.blocks).toEqual([]);
    expect(batch?.frames.map(({ userId }) => userId)).toEqual(['ann']);
    expect(queue.settle(0)).toBe(0);
    expect([queue.bytes, queue.take()]).toEqual([0, undefined]);
  });

  it('takes what is published to its last byte', () => {
    const { queue } = createQueue({ maxBytes: 9 });
    expect(queue.addEarlier([json('a'), json('bc')], 'ann')).toBe(false);
    expect(queue.addEarlier([json('a'), json('b')], 'ann')).toBe(true);
  });

  it('takes events to its last byte and its last event', () => {
    const { queue, add, addPending, taken } = createQueue({ maxBytes: 9, maxEvents: 3 });
    expect(add(json('漢漢'))).toBe(false);
    for (const event of [json(1), json(2), json(3)]) expect(add(event)).toBe(true);
    expect(queue.bytes).toBe(7);
    expect(add(json(4))).toBe(false);
    addPending(4);
    expect(queue.events).toBe(3);
    expect(taken()).toEqual([1, 2, 3]);
    const exact = createQueue({ maxBytes: 9 });
    expect(exact.add(json('漢a1'))).toBe(true);
    expect(exact.queue.bytes).toBe(9);
    expect(exact.add(json(1))).toBe(false);
  });

  it('makes text of what waits when its places are full, and holds nothing of it any more', () => {
    const { queue, encoded, addPending } = createQueue({ batchBytes: 1_024 });
    addPending(1);
    const first = queue.next;
    expect(encoded).toEqual([]);
    addPending(2);
    expect(encoded).toEqual([1, 2]);
    for (const event of [first, queue.next]) {
      expect([event.name, event.attributes, event.moreText]).toEqual(['', undefined, '']);
    }
  });

  it('keeps the order of what is text already and what is not', () => {
    const { queue, addPending, taken, add } = createQueue();
    addPending(1);
    add(json(2));
    addPending(3);
    queue.addEarlier([json(0)], 'ann');
    addPending(4);
    expect(taken()).toEqual([1, 2, 3, 4]);
  });

  it('is empty once it is cleared, also of what is on its way', () => {
    const { queue, addPending, add } = createQueue({ batchBytes: 3 });
    for (let i = 0; i < 3; i++) add(json(i), 'ann');
    queue.take();
    add(json(3));
    addPending(4, 'ann');
    queue.clear();
    expect([queue.events, queue.bytes, queue.hasWaiting, queue.hasFullBatch, queue.hasLive]).toEqual([
      0,
      0,
      false,
      false,
      false,
    ]);
    expect(queue.take()).toBeUndefined();
  });
});
