import { createPollBuffer } from './poll-buffer';

const KB = 1024;
const write = (text: string): Buffer => Buffer.from(text);
const texts = (buffer: ReturnType<typeof createPollBuffer>) => {
  const { writes, taken } = buffer.take();
  return { texts: writes.map(String), taken };
};

describe('what waits for a poller', () => {
  it('is given until the client says that it has it, in order', () => {
    const buffer = createPollBuffer();
    buffer.add(write('a'));
    buffer.add(write('b'));
    expect(texts(buffer)).toEqual({ texts: ['a', 'b'], taken: 2 });
    buffer.add(write('c'));
    // The answer was lost.
    expect(buffer.acknowledge(0)).toBe(true);
    expect(texts(buffer)).toEqual({ texts: ['a', 'b', 'c'], taken: 3 });
    expect(buffer.acknowledge(2)).toBe(true);
    expect([texts(buffer), buffer.bytes]).toEqual([{ texts: ['c'], taken: 3 }, 1]);
    expect(buffer.acknowledge(3)).toBe(true);
    expect([texts(buffer), buffer.isEmpty]).toEqual([{ texts: [], taken: 3 }, true]);
  });

  it('knows no position that it has not given, and none before what it has dropped', () => {
    const buffer = createPollBuffer();
    buffer.add(write('a'));
    expect(buffer.acknowledge(1)).toBe(false);
    buffer.take();
    expect([buffer.acknowledge(1), buffer.acknowledge(0)]).toEqual([true, false]);
  });

  it('takes 1 MB, and more only where a snapshot is on its way', () => {
    const plain = createPollBuffer();
    expect([plain.add(Buffer.alloc(1_000 * KB)), plain.add(Buffer.alloc(100 * KB))]).toEqual([true, false]);
    const shown = createPollBuffer();
    expect(shown.addSnapshot(Buffer.alloc(3_000 * KB), [Buffer.alloc(500 * KB)])).toBe(true);
    expect([shown.add(Buffer.alloc(900 * KB)), shown.add(Buffer.alloc(900 * KB))]).toEqual([true, false]);
  });

  it('takes so many writes, however small', () => {
    const buffer = createPollBuffer();
    let count = 0;
    while (buffer.add(write('')) && count < 1e6) count += 1;
    expect(count).toBe(16_384);
  });

  it('gives large waits in several answers', () => {
    const buffer = createPollBuffer();
    for (let i = 0; i < 3; i++) buffer.addSnapshot(Buffer.alloc(3_000 * KB), []);
    const counts = [];
    while (!buffer.isEmpty) {
      const { writes, taken } = buffer.take();
      counts.push(writes.length);
      buffer.acknowledge(taken);
    }
    expect(counts).toEqual([1, 1, 1]);
  });
});
