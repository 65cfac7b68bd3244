import type { MenuEntry } from '../header/menu-groups';

/** @param onOpen undefined when there is nothing to compare with */
export function compareEntry(isOpen: boolean, onOpen: (() => void) | undefined, onClose: () => void): MenuEntry {
  if (isOpen) return { label: 'End the comparison', icon: 'times', onClick: onClose };
  return {
    label: 'Compare with …',
    icon: 'columns',
    shortcut: 'c',
    ...(onOpen === undefined ? { refusal: 'There is no other flow' } : { onClick: onOpen }),
  };
}
