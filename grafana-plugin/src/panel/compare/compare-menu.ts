import { t } from '../../texts/t';
import type { MenuEntry } from '../header/menu-groups';

/** @param onOpen undefined when there is nothing to compare with */
export function compareEntry(isOpen: boolean, onOpen: (() => void) | undefined, onClose: () => void): MenuEntry {
  if (isOpen) return { label: t('compare.end'), icon: 'times', onClick: onClose };
  return {
    label: t('compare.start'),
    icon: 'columns',
    shortcut: 'c',
    ...(onOpen === undefined ? { refusal: t('compare.no-other-flow') } : { onClick: onOpen }),
  };
}
