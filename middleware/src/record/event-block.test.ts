import { EventBlock } from './event-block';

const text = (bytes: Buffer): unknown => JSON.parse(bytes.toString());

/** An event, which may be any JSON here, after the comma that events begin with. */
const json = (value: unknown): string => `,${JSON.stringify(value)}`;

describe('EventBlock', () => {
  it('is a JSON array of its events, whatever they hold and however many', () => {
    const block = new EventBlock();
    const events = Array.from({ length: 3000 }, (_, i) => ({ i, text: ['a', 'ü', '漢', '😀'][i % 4] }));
    for (const event of events) block.append(json(event), undefined);
    expect(text(block.seal())).toEqual(events);
    expect(block.count).toBe(3000);
  });

  it('takes an event larger than its memory', () => {
    const block = new EventBlock();
    const event = '漢'.repeat(100_000);
    block.append(json(event), undefined);
    expect(text(block.seal())).toEqual([event]);
  });

  it('leaves nothing of the block before it in the memory it takes over', () => {
    const first = new EventBlock();
    first.append(json('first, and longer'), undefined);
    first.seal();
    const second = new EventBlock(first.release());
    second.append(json('second'), undefined);
    expect(text(second.seal())).toEqual(['second']);
  });

  it('has a frame for each user with a copy of the bytes, earlier events first', () => {
    const block = new EventBlock();
    block.append(json('nobody'), undefined);
    block.append(json('ü1'), 'ann');
    block.append(json('a2'), 'ann');
    block.append(json('b1'), 'b"ob');
    block.append(json('nobody'), undefined);
    block.append(json('a3'), 'ann');
    block.addEarlier([json('a0')], 'ann', 5);
    const frames = block.frames();
    const sealed = block.seal();
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
    block.addEarlier([event, event, event], 'ann', 3 * event.length);
    for (let i = 0; i < 10; i++) block.append(event, 'ann');
    const frames = block.frames();
    const counts = frames.map(({ bytes }) => (text(bytes) as { events: unknown[] }).events.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(13);
    for (const { bytes } of frames) expect(bytes.length).toBeLessThan(260 * 1024);
  });
});
