import { t } from '../../texts/t';
import { TREE_DIRECTIONS, type TreeDirection } from '../options';
import type { MenuEntry, MenuGroup } from './menu-groups';

const ICONS: Readonly<Record<TreeDirection, NonNullable<MenuEntry['icon']>>> = {
  right: 'arrow-right',
  down: 'arrow-down',
};

/** How the tree is drawn, and whether it folds. */
export function treeMenu(options: {
  direction: TreeDirection;
  folding: boolean;
  onDirection: (direction: TreeDirection) => void;
  onFolding: (on: boolean) => void;
}): MenuGroup {
  const { direction, folding, onDirection, onFolding } = options;
  return {
    label: t('views.tree-menu'),
    entries: [
      ...TREE_DIRECTIONS.map((choice) => ({
        label: t(`options.directions.${choice}`),
        icon: ICONS[choice],
        chosen: choice === direction,
        onClick: () => onDirection(choice),
      })),
      folding
        ? { label: t('views.tree-menu-unfold'), icon: 'list-ul', onClick: () => onFolding(false) }
        : { label: t('views.tree-menu-fold'), icon: 'layer-group', onClick: () => onFolding(true) },
    ],
  };
}
