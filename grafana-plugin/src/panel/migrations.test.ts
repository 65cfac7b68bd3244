import { migrateOptions } from './migrations';
import { DEFAULT_OPTIONS } from './options';

describe('migrateOptions', () => {
  it.each([
    ['none', undefined],
    ['null', null],
    ['empty ones', {}],
    ['a text', 'tree'],
    ['a list', [1, 2]],
    ['a number', 7],
    ['unknown ones', { layout: 'grid', __proto__: { view: 'outline' } }],
    ['an unknown view', { view: 'graph' }],
    ['values of other types', { view: { a: 1 }, follow: 'yes', rail: 1, minimap: null }],
  ])('makes the defaults of %s', (_, options) => expect(migrateOptions({ options })).toEqual(DEFAULT_OPTIONS));

  it('keeps what the first version saved, the view', () => {
    expect(migrateOptions({ options: { view: 'timeline' } })).toEqual({ ...DEFAULT_OPTIONS, view: 'timeline' });
  });

  it('keeps what is valid beside what is not', () => {
    expect(migrateOptions({ options: { view: 'graph', follow: false, rail: 'never', minimap: false, x: 1 } })).toEqual({
      ...DEFAULT_OPTIONS,
      follow: false,
      rail: 'never',
      minimap: false,
    });
  });

  it('does not throw on rubbish in place of a panel', () => {
    for (const panel of [null, undefined, 5, 'x', []] as { options?: unknown }[]) {
      expect(migrateOptions(panel)).toEqual(DEFAULT_OPTIONS);
    }
  });
});
