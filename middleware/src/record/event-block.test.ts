import { EventBlock } from './event-block';

const text = (bytes: Buffer): unknown => JSON.parse(bytes.toString());

/** An event, which may be any JSON here, after the comma that events begin with. */
const json = (value: unknown): string => `,${JSON.stringify(value)}`;

describe('EventBlock', () => {
  it('is a JSON array of its events, whatever they hold and however many', () => {
    const block = new EventBlock();
    const events = Array.from({ length: 3000 }, (_, i) => ({ i, text: ['a', 'ü', '漢', '😀'][i % 4] }));
    for (const event of events) block.append(json(event), undefined);
    expect(text(block.seal().bytes)).toEqual(events);
    expect(block.count).toBe(3000);
  });

  it('has room for its last bracket, however its events fill its memory', () => {
    for (let size = 16 * 1024 - 5; size < 16 * 1024 + 5; size++) {
      const block = new EventBlock();
      const event = 'x'.repeat(size - 3);
      block.append(json(event), undefined);
      expect(text(block.seal().bytes)).toEqual([event]);
    }
  });

  it('takes an event larger than its memory', () => {
    const block = new EventBlock();
    const event = '漢'.repeat(100_000);
    block.append(json(event), undefined);
    expect(text(block.seal().bytes)).toEqual([event]);
  });

  it('keeps its memory until that is full, and then doubles it at least', () => {
    const spare = Buffer.alloc(100);
    const block = new EventBlock(spare);
    const memoryAfter = (bytes: number): Buffer => {
      block.append('x'.repeat(bytes), undefined);
      block.encode();
      return block.bytes;
    };
    // One byte is for the last bracket.
    expect(memoryAfter(99)).toBe(spare);
    expect(memoryAfter(1)).toHaveLength(200);
    expect(memoryAfter(99)).toHaveLength(200);
    expect(memoryAfter(600)).toHaveLength(800);
  });

  it('leaves nothing of the block before it in the memory it takes over', () => {
    const first = new EventBlock();
    first.append(json('first, and longer'), undefined);
    first.seal();
    const second = new EventBlock(first.bytes);
    second.append(json('second'), undefined);
    expect(text(second.seal().bytes)).toEqual(['second']);
  });

  it('has a frame for each user with a copy of the bytes, earlier events first', () => {
    const block = new EventBlock();
    block.append(json('nobody'), undefined);
    block.append(json('ü1'), 'ann');
    block.append(json('a2'), 'ann');
    block.append(json('b1'), 'b"ob');
    block.append(json('nobody'), undefined);
    block.append(json('a3'), 'ann');
    block.addEarlier([json('a0')], 'ann');
    const frames = block.frames();
    const sealed = block.seal().bytes;
    expect(text(sealed)).toEqual(['nobody', 'ü1', 'a2', 'b1', 'nobody', 'a3']);
    sealed.fill(0);
    expect(frames.map(({ userId, bytes }) => [userId, text(bytes)])).toEqual([
      ['ann', { type: 'events', user_id: 'ann', events: ['a0', 'ü1', 'a2', 'a3'] }],
      ['b"ob', { type: 'events', user_id: 'b"ob', events: ['b1'] }],
    ]);
  });

  it('splits what is too much for one frame', () => {
    const block = new EventBlock();
    const event = json('x'.repeat(60 * 1024));
    block.addEarlier([event, event, event], 'ann');
    for (let i = 0; i < 10; i++) block.append(event, 'ann');
    const frames = block.frames();
    const counts = frames.map(({ bytes }) => (text(bytes) as { events: unknown[] }).events.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(13);
    for (const { bytes } of frames) expect(bytes.length).toBeLessThan(260 * 1024);
  });

  it('has frames of 256 KiB at most, or of one piece that is larger', () => {
    const KIB = 1024;
    const sizesOf = (sizes: readonly number[]): number[] => {
      const block = new EventBlock();
      const events = sizes.map((size) => json('x'.repeat(size - 3)));
      block.addEarlier(events, 'ann');
      return block.frames().map(({ bytes }) => (text(bytes) as { events: unknown[] }).events.length);
    };
    expect(sizesOf([128 * KIB, 128 * KIB])).toEqual([2]);
    expect(sizesOf([128 * KIB, 128 * KIB + 1])).toEqual([1, 1]);
    expect(sizesOf([300 * KIB, 10, 10])).toEqual([1, 2]);
  });

  it('tells its size exactly once all is bytes, and at most before', () => {
    const block = new EventBlock();
    for (const event of [json('a'), json('ü'), json('漢'.repeat(9_000)), json('x'.repeat(20_000)), json('😀')]) {
      block.append(event, undefined);
      const [size, atMost] = [block.size, block.sizeAtMost];
      block.encode();
      expect(block.size).toBeGreaterThanOrEqual(size);
      expect(block.size).toBeLessThanOrEqual(atMost);
      expect(block.sizeAtMost).toBe(block.size);
    }
    expect(block.seal().bytes).toHaveLength(block.size);
    block.addEarlier([json('b')], 'ann');
    expect(block.size).toBe(block.seal().bytes.length + 4);
  });

  it('tells no more than its size may become', () => {
    const block = new EventBlock();
    block.append('漢漢漢', undefined);
    const { sizeAtMost } = block;
    expect(sizeAtMost).toBe(block.seal().bytes.length);
  });

  it('says whether any of it is to be published', () => {
    const block = new EventBlock();
    expect(block.hasLive).toBe(false);
    expect(block.frames()).toEqual([]);
    block.append(json('nobody'), undefined);
    expect(block.hasLive).toBe(false);
    block.append(json('ann'), 'ann');
    expect(block.hasLive).toBe(true);
    block.encode();
    expect(block.hasLive).toBe(true);
    const earlier = new EventBlock();
    earlier.addEarlier([json('a')], 'ann');
    expect(earlier.hasLive).toBe(true);
    expect(earlier.count).toBe(0);
  });
});
