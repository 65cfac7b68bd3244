import type { JsonValue } from '@flow-tracking/protocol';
import { formatDuration } from '../format';
import { formatNumber, parseParent, showValue } from './attribute-value';

const show = (value: JsonValue) => showValue(value, undefined, formatDuration);

describe('formatNumber', () => {
  it.each([
    [1234567, undefined, '1,234,567'],
    [-1234.5, undefined, '-1,234.5'],
    [0.1 + 0.2, undefined, '0.3'],
    [1e-9, undefined, '1e-9'],
    [0, undefined, '0'],
    [1234567, 'id', '1234567'],
    [2140, 'ms', '2.1 s'],
    [-3, 'ms', '-3 ms'],
    [0.25, 's', '250 ms'],
    [999, 'bytes', '999 B'],
    [12_431, 'bytes', '12.4 kB'],
    [0.011, 'usd', '$0.011'],
    [0.0000123, 'usd', '$0.000012'],
    [3, 'usd', '$3.00'],
  ] as const)('writes %d in %s as %s', (value, unit, text) => {
    expect(formatNumber(value, unit, formatDuration)).toBe(text);
  });
});

describe('showValue', () => {
  it('shows yes and no, and says what is empty', () => {
    expect([true, false, null, ''].map(show)).toEqual([
      { kind: 'plain', text: 'yes', isMuted: false },
      { kind: 'plain', text: 'no', isMuted: false },
      { kind: 'plain', text: 'null', isMuted: true },
      { kind: 'plain', text: 'empty', isMuted: true },
    ]);
  });

  it('shows objects, and texts that are objects or arrays in JSON, as a tree', () => {
    expect(show({ a: 1 })).toEqual({ kind: 'json', value: { a: 1 } });
    expect(show(' [1, 2]')).toEqual({ kind: 'json', value: [1, 2] });
    expect(show('{"a":')).toEqual({ kind: 'text', text: '{"a":' });
    expect(show('[note] hello')).toEqual({ kind: 'text', text: '[note] hello' });
    expect(show('12')).toEqual({ kind: 'text', text: '12' });
    expect(show('"quoted"')).toEqual({ kind: 'text', text: '"quoted"' });
  });
});

describe('parseParent', () => {
  it('reads a thousand levels, and gives up on what is too long or too deep without throwing', () => {
    expect(parseParent('['.repeat(1_000) + ']'.repeat(1_000))).not.toBeNull();
    expect(parseParent(`[${'1,'.repeat(3_000_000)}1]`)).toBeNull();
    expect(() => parseParent('['.repeat(1_000_000) + ']'.repeat(1_000_000))).not.toThrow();
  });
});
