import { createFrameJoiner } from './frame-joiner';

function setUp() {
  let nowMs = 0;
  const delivered: string[] = [];
  const joiner = createFrameJoiner(
    (frames) => delivered.push(frames.toString()),
    () => nowMs,
  );
  return {
    delivered,
    joiner,
    add: (text: string) => joiner.add(Buffer.from(text)),
    pass: (ms: number) => {
      nowMs += ms;
      jest.advanceTimersByTime(ms);
    },
  };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('createFrameJoiner', () => {
  it('holds nothing back while frames come slowly', () => {
    const { add, pass, delivered } = setUp();
    for (const text of 'abcdefghij') {
      add(text);
      pass(2);
    }
    expect(delivered.join('')).toBe('abcdefghij');
    expect(delivered).toHaveLength(10);
  });

  it('joins what comes beyond four frames in 8 ms, in order, and holds it no longer than that', () => {
    const { add, pass, delivered } = setUp();
    for (const text of 'abcdefg') add(text);
    expect(delivered).toEqual(['a', 'b', 'c', 'd']);
    pass(7);
    add('h');
    expect(delivered).toHaveLength(4);
    pass(1);
    expect(delivered).toEqual(['a', 'b', 'c', 'd', 'efgh']);
    add('i');
    expect(delivered.at(-1)).toBe('i');
  });

  it('delivers nothing after its end', () => {
    const { add, pass, delivered, joiner } = setUp();
    for (const text of 'abcdefg') add(text);
    joiner.stop();
    pass(20);
    expect(delivered).toEqual(['a', 'b', 'c', 'd']);
  });
});
