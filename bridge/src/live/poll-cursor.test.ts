import { decodePollCursor, encodePollCursor } from './poll-cursor';

const position = (n: number) => ({ id: `abcdefghij${String(n).padStart(2, '0')}`, taken: n });

describe('the cursor of a poll', () => {
  it('holds the positions of several bridges', () => {
    const positions = [position(0), position(7), position(99)];
    expect(decodePollCursor(encodePollCursor(positions))).toEqual(positions);
  });

  it('keeps the latest of many', () => {
    const positions = Array.from({ length: 9 }, (_, i) => position(i));
    const cursor = encodePollCursor(positions);
    expect(decodePollCursor(cursor)).toEqual(positions.slice(0, 4));
    expect(cursor.length).toBeLessThan(255);
  });

  it.each(['', '~', 'x', 'abcdefghij00', 'abcdefghij00.-1', 'abcdefghij00.1e3', '\0', '~'.repeat(9_999), '💥.1'])(
    'has no positions when it is rubbish: %j',
    (text) => {
      expect(decodePollCursor(text)).toEqual([]);
    },
  );
});
