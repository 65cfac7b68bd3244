import { flatGroups, menuHeight, type MenuGroup } from './menu-groups';

const LEVELS = [{ label: 'Level 0' }, { label: 'Level 1' }];
const find: MenuGroup = {
  label: 'Find',
  entries: [{ label: 'Search' }, { label: 'Expand to level', entries: LEVELS }, { label: 'Failures only' }],
};

describe('flatGroups', () => {
  it('makes a group of an entry that opens a menu, after the group it stood in', () => {
    expect(flatGroups([find, { label: 'Help', entries: [{ label: 'Keyboard shortcuts' }] }])).toEqual([
      { label: 'Find', entries: [{ label: 'Search' }, { label: 'Failures only' }] },
      { label: 'Expand to level', entries: LEVELS },
      { label: 'Help', entries: [{ label: 'Keyboard shortcuts' }] },
    ]);
  });

  it('keeps no group that is left without an entry', () => {
    expect(flatGroups([{ label: 'Find', entries: [{ label: 'Expand to level', entries: LEVELS }] }])).toEqual([
      { label: 'Expand to level', entries: LEVELS },
    ]);
  });
});

describe('menuHeight', () => {
  it('grows with every entry, and more with one that says why it is refused', () => {
    const plain = menuHeight([{ label: 'Time', entries: [{ label: 'Replay' }] }]);
    const refused = menuHeight([{ label: 'Time', entries: [{ label: 'Replay', refusal: 'The flow still runs.' }] }]);
    expect(plain).toBeGreaterThan(menuHeight([{ label: 'Time', entries: [] }]));
    expect(refused).toBeGreaterThan(plain);
  });
});
