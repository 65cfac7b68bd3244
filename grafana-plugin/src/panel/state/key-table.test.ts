import { createFolds } from '../layout/folds';
import { testForest } from '../layout/test-forest';
import { createRows } from '../layout/rows';
import { railTarget } from '../rail/rail-keys';
import { flowKey } from '../views/flow-key';
import { rowAction } from '../views/rows/row-keys';
import { keyEffect, windowKey } from '../views/tree/tree-keys';
import { commandOf, KEY_TABLE, keyOf, type KeyPlace } from './key-table';
import { actionOfKey, overlayOfKey } from './panel-keys';

const NAMED =
  'Enter Escape Tab Home End PageUp PageDown ArrowUp ArrowDown ArrowLeft ArrowRight Delete Backspace Insert F1';
/** Every key that types a character of ASCII, and those that have names. */
const ALL_KEYS = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), ...NAMED.split(' ')];

const { forest } = testForest([null, 0, 1, null]);
const rows = createRows(forest);
rows.update(new Set());
const open = (): boolean => false;
const some = [0, 1, 2, 3];

/** Whether a key does anything, by where it is pressed. */
const HANDLERS: Readonly<Record<KeyPlace, (key: string) => boolean>> = {
  panel: (key) =>
    overlayOfKey(key) !== null ||
    flowKey(key) !== null ||
    actionOfKey({ key, ctrlKey: false, metaKey: false }, { flowId: 'b', order: ['a', 'b', 'c'] }) !== null,
  tree: (key) =>
    windowKey(key) !== null || some.some((index) => keyEffect(createFolds(forest), 'right', index, key, open) !== null),
  rows: (key) => some.some((row) => rowAction(key, rows, forest, row, 1) !== null),
  rail: (key) => railTarget(key, ['a', 'b', 'c'], 'b') !== null,
  // Components handle these by themselves; browser tests press them.
  views: () => false,
  time: () => false,
  search: () => false,
};

const listed = (...places: KeyPlace[]): Set<string> =>
  new Set(
    KEY_TABLE.filter(({ place }) => places.includes(place)).flatMap(({ entries }) => entries.flatMap((e) => e.keys)),
  );

describe('the table of keys', () => {
  it.each<KeyPlace>(['panel', 'tree', 'rows', 'rail'])('lists every key that does something: %s', (place) => {
    const handled = ALL_KEYS.filter(HANDLERS[place]);
    const all = place === 'tree' || place === 'rows' ? listed(place, 'views') : listed(place);
    expect(handled.filter((key) => !all.has(key))).toEqual([]);
    expect(handled.length).toBeGreaterThan(2);
  });

  it.each<KeyPlace>(['panel', 'tree', 'rows', 'rail'])('lists no key that does nothing: %s', (place) => {
    expect([...listed(place)].filter((key) => !HANDLERS[place](key))).toEqual([]);
  });

  it('gives a key one meaning', () => {
    const keys = KEY_TABLE.flatMap(({ entries }) => entries.flatMap((e) => (e.command === undefined ? [] : e.keys)));
    expect(new Set(keys).size).toBe(keys.length);
    const everywhere = listed('panel');
    const elsewhere = listed('views', 'tree', 'rows', 'rail');
    expect([...everywhere].filter((key) => elsewhere.has(key))).toEqual([]);
  });

  it('names the keys of commands', () => {
    expect([keyOf('search'), keyOf('zoomIn'), commandOf('7'), commandOf('=')]).toEqual(['/', '+', 'level', 'zoomIn']);
    expect(commandOf('constructor')).toBeNull();
  });
});
