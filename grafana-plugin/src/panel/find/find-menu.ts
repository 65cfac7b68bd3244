import { t } from '../../texts/t';
import { afterMenu, type MenuEntry, type MenuGroup } from '../header/menu-groups';
import type { CollapseRule } from '../layout/collapse';
import { keyOf } from '../state/key-table';
import type { Overlay } from '../state/panel-keys';
import type { Find } from './use-find';

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The levels that a flow can be expanded to, and everything. */
export function levelEntries(rule: CollapseRule | undefined, onLevel: (level: number) => void): MenuEntry[] {
  const levels = LEVELS.map((level) => ({
    label: level === 0 ? t('find.root-level') : t('find.level-number', { level }),
    shortcut: `${level}`,
    chosen: rule?.kind === 'level' && rule.level === level,
    onClick: () => onLevel(level),
  }));
  return [
    { label: t('find.everything'), shortcut: keyOf('expandAll'), chosen: false, onClick: () => onLevel(Infinity) },
    ...levels,
  ];
}

/** Why failures alone can't be shown; null when they can. */
export function failuresOnlyRefusal({ failures, rule }: Pick<Find, 'failures' | 'rule'>): string | null {
  return failures.count === 0 && rule?.kind !== 'failures' ? t('find.nothing-failed') : null;
}

/**
 * What the header's buttons do, for a header that has no room for them.
 *
 * @param hasSearch search and filter have buttons there
 */
export function findMenu(find: Find, hasSearch: boolean, onOpen: (overlay: Overlay) => void): MenuGroup {
  const { rule, steps } = find;
  const refusal = failuresOnlyRefusal(find);
  const search: MenuEntry[] = [
    { label: t('find.search'), icon: 'search', shortcut: keyOf('search'), onClick: afterMenu(() => onOpen('search')) },
    { label: t('find.filter'), icon: 'filter', shortcut: keyOf('filter'), onClick: afterMenu(() => onOpen('filter')) },
  ];
  return {
    label: t('find.title'),
    entries: [
      ...(hasSearch ? [] : search),
      {
        label: t('find.failures-only'),
        shortcut: keyOf('failuresOnly'),
        chosen: rule?.kind === 'failures',
        ...(refusal === null ? {} : { refusal }),
        onClick: steps.toggleFailuresOnly,
      },
      {
        label: rule?.kind === 'level' ? t('find.to-level-menu-now', { level: rule.level }) : t('find.to-level-menu'),
        entries: levelEntries(rule, (level) => steps.collapse({ kind: 'level', level })),
      },
    ],
  };
}

/** What is told about the panel itself. */
export function helpMenu(onOpen: (overlay: Overlay) => void): MenuGroup {
  return {
    label: t('help.title'),
    entries: [
      {
        label: t('help.keys'),
        icon: 'keyboard',
        shortcut: keyOf('help'),
        onClick: afterMenu(() => onOpen('help')),
      },
    ],
  };
}
