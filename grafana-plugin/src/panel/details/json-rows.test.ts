import type { JsonValue } from '@flow-tracking/protocol';
import type { JsonParent } from './attribute-value';
import { jsonKey } from './json-keys';
import { firstOpen, jsonRows, parentText, type JsonFolding } from './json-rows';

const folding = (open: readonly string[] = [], shown: [string, number][] = []): JsonFolding => ({
  open: new Set(open),
  shown: new Map(shown),
});
const lines = (root: JsonParent, folded: JsonFolding) =>
  jsonRows(root, folded).map(({ path, kind, name, count }) => `${path} ${kind} ${name} ${count}`);

function nested(levels: number): JsonParent {
  let value: JsonValue[] = [];
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

describe('jsonRows', () => {
  it('gives a line for each child, and those of what is open below it', () => {
    expect(lines({ a: 1, b: { c: [true] }, d: {} }, folding(['/1']))).toEqual([
      '/0 value a 0',
      '/1 parent b 1',
      '/1/0 parent c 1',
      '/2 parent d 0',
    ]);
  });

  it('tells names apart that hold slashes, are empty, or are those of Object', () => {
    const value = JSON.parse('{"a/0":[1],"a":[[2]],"":[3],"__proto__":[4]}') as JsonParent;
    expect(lines(value, folding(['/3']))).toEqual([
      '/0 parent a/0 1',
      '/1 parent a 1',
      '/2 parent  1',
      '/3 parent __proto__ 1',
      '/3/0 value 0 0',
    ]);
  });

  it('shows a hundred children, and a line for those that are left', () => {
    const value = Array.from({ length: 250 }, (_, i) => i);
    expect(lines(value, folding())).toHaveLength(101);
    expect(lines(value, folding()).at(-1)).toBe('/+ more  150');
    expect(lines(value, folding([], [['', 200]])).at(-1)).toBe('/+ more  50');
    expect(lines(value, folding([], [['', 300]])).at(-1)).toBe('/249 value 249 0');
  });

  it('looks at nothing that is not open', () => {
    const value = { get: {} as JsonValue };
    Object.defineProperty(value.get, 'trap', {
      enumerable: true,
      get() {
        throw new Error('looked at');
      },
    });
    expect(lines(value, folding())).toEqual(['/0 parent get 1']);
  });

  it('goes as deep as the value does', () => {
    const open = new Set<string>();
    let path = '';
    for (let i = 0; i < 5_000; i++) open.add((path += '/0'));
    const rows = jsonRows(nested(5_000), { open, shown: new Map() });
    expect(rows).toHaveLength(5_000);
    expect(rows.at(-1)?.level).toBe(5_000);
  });
});

describe('firstOpen', () => {
  it('opens all of what is small, and only the first level of what is not', () => {
    expect([...firstOpen({ a: { b: { c: 1 } } })]).toEqual(['/0', '/0/0']);
    expect([...firstOpen({ a: Array.from({ length: 50 }, () => 1), b: [1] })]).toEqual([]);
  });

  it('stops in the depth', () => {
    expect(firstOpen(nested(10_000)).size).toBeLessThan(20);
  });
});

describe('jsonKey', () => {
  const rows = jsonRows({ a: 1, b: { c: 1 }, d: { e: 1 } }, folding(['/1']));

  it.each([
    ['ArrowDown', 0, { kind: 'focus', row: 1 }],
    ['ArrowDown', 3, { kind: 'focus', row: 3 }],
    ['ArrowUp', 0, { kind: 'focus', row: 0 }],
    ['End', 0, { kind: 'focus', row: 3 }],
    ['ArrowRight', 0, null],
    ['ArrowRight', 1, { kind: 'focus', row: 2 }],
    ['ArrowRight', 3, { kind: 'open' }],
    ['ArrowLeft', 1, { kind: 'shut' }],
    ['ArrowLeft', 2, { kind: 'focus', row: 1 }],
    ['ArrowLeft', 0, null],
    ['Enter', 3, { kind: 'press' }],
    ['Enter', 0, null],
    ['x', 0, null],
  ] as const)('%s on line %d does %j', (key, at, action) => {
    expect(jsonKey(key, rows, at)).toEqual(action);
  });
});

describe('parentText', () => {
  it('counts in words', () => {
    expect([parentText([], 0), parentText([1], 1), parentText({}, 0), parentText({ a: 1 }, 1234)]).toEqual([
      '[ ]',
      '1 item',
      '{ }',
      '1,234 entries',
    ]);
  });
});
