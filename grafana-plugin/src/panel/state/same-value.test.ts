import { isSameRecord, isSameValue } from './same-value';

describe('isSameValue', () => {
  it.each([
    [1, 1, true],
    [null, null, true],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [1, '1', false],
    [null, {}, false],
    [[], {}, false],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: undefined }, { b: undefined }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
  ])('of %j and %j is as their texts are', (a, b, expected) => {
    expect([isSameValue(a, b), isSameValue(b, a)]).toEqual([expected, expected]);
  });

  it('takes any depth', () => {
    const deep = (end: number): unknown => Array.from({ length: 50_000 }).reduce<unknown>((inner) => [inner], end);
    expect([isSameValue(deep(1), deep(1)), isSameValue(deep(1), deep(2))]).toEqual([true, false]);
  });
});

describe('isSameRecord', () => {
  it('compares field by field, and looks into objects', () => {
    const record = (id: number, attributes: object | null) => ({ id, attributes });
    expect(isSameRecord(record(1, { a: [1] }), record(1, { a: [1] }))).toBe(true);
    expect(isSameRecord(record(1, { a: [1] }), record(1, { a: [2] }))).toBe(false);
    expect(isSameRecord(record(1, null), record(2, null))).toBe(false);
    expect(isSameRecord(record(1, null), record(1, {}))).toBe(false);
  });
});
