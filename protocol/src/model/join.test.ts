import type { Attributes, ErrorInfo } from '../values';
import {
  joinAttributes,
  joinError,
  joinStatus,
  largerOrNull,
  overlayAttributes,
  settle,
  smaller,
  smallerOrNull,
} from './join';

/** Expects the same of both orders. */
function expectJoin<T>(join: (a: T, b: T) => T, a: T, b: T, expected: T): void {
  expect([join(a, b), join(b, a)]).toEqual([expected, expected]);
}

describe('numbers and texts', () => {
  it('join to the smaller one', () => {
    expectJoin(smaller<number>, 1, 2, 1);
    expectJoin(smaller<string>, 'a', 'b', 'a');
  });

  it('join to the smaller one that is there', () => {
    expectJoin(smallerOrNull<number>, 1, 2, 1);
    expectJoin(smallerOrNull<number>, null, 2, 2);
    expect(smallerOrNull(null, null)).toBeNull();
  });

  it('join to the larger one that is there', () => {
    expectJoin(largerOrNull, 1, 2, 2);
    expectJoin(largerOrNull, null, -2, -2);
    expect(largerOrNull(null, null)).toBeNull();
  });
});

describe('two states', () => {
  it('join to the one that is further on', () => {
    const order = ['running', 'ok', 'error', 'aborted', 'timed_out', 'lost'] as const;
    for (const [i, a] of order.entries()) for (const b of order.slice(i)) expectJoin(joinStatus, a, b, b);
  });
});

describe('two errors', () => {
  const error = (type: string, message: string): ErrorInfo => ({ type, message });

  it('join to the one that is there', () => {
    expectJoin(joinError, null, error('A', 'a'), error('A', 'a'));
    expect(joinError(null, null)).toBeNull();
  });

  it('join to the first by type, then by message', () => {
    expectJoin(joinError, error('A', 'z'), error('B', 'a'), error('A', 'z'));
    expectJoin(joinError, error('A', 'a'), error('A', 'b'), error('A', 'a'));
  });

  it('stay the same object when they say the same', () => {
    const first = error('A', 'a');
    expect(joinError(first, error('A', 'a'))).toBe(first);
  });
});

describe('two values that should be the same', () => {
  it('settle on one, whichever comes first', () => {
    expectJoin<unknown>(settle, { step: 1 }, { step: 2 }, { step: 2 });
    expectJoin<unknown>(settle, undefined, 'a', 'a');
  });

  it('settle on the first when they are', () => {
    const first = { step: 1 };
    expect(settle(first, { step: 1 })).toBe(first);
  });

  it('settle on the first when they are too deep to compare', () => {
    const deep = (): unknown => {
      let value: unknown = [];
      for (let i = 0; i < 100_000; i++) value = [value];
      return value;
    };
    const first = deep();
    expect(settle(first, deep()) === first).toBe(true);
  });
});

describe('attributes', () => {
  it('join to all names of both', () => {
    expectJoin<Attributes>(joinAttributes, { a: 1 }, { b: 2 }, { a: 1, b: 2 });
  });

  it('settle on one value of a name, in both orders', () => {
    expectJoin<Attributes>(joinAttributes, { a: 1, b: 2 }, { a: 2, b: 1 }, { a: 2, b: 2 });
  });

  it('stay the same object when nothing is added', () => {
    const first: Attributes = { a: 1, deep: { b: [1] } };
    expect(joinAttributes(first, first)).toBe(first);
    expect(joinAttributes(first, { deep: { b: [1] } })).toBe(first);
    expect(joinAttributes(first, { a: 0 })).toBe(first);
  });

  it('leave both as they were', () => {
    const [a, b]: [Attributes, Attributes] = [{ a: 1 }, { a: 2, b: 3 }];
    joinAttributes(a, b);
    overlayAttributes(a, b);
    expect([a, b]).toEqual([{ a: 1 }, { a: 2, b: 3 }]);
  });

  it('take names of the prototype for names like any other', () => {
    const named = JSON.parse('{"__proto__":"x","toString":"y"}') as Attributes;
    for (const attributes of [joinAttributes({ a: 1 }, named), overlayAttributes({ a: 1 }, named)]) {
      expect(Object.entries(attributes)).toEqual([
        ['a', 1],
        ['__proto__', 'x'],
        ['toString', 'y'],
      ]);
    }
  });

  it('overlay what is under them', () => {
    expect(overlayAttributes({ a: 1, b: 1 }, { b: 0, c: 0 })).toEqual({ a: 1, b: 0, c: 0 });
  });
});
