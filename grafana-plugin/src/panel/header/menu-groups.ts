import type { IconName } from '@grafana/ui';

/** One thing that a person may do with what is shown. */
export interface MenuEntry {
  readonly label: string;
  readonly icon?: IconName;
  /** The key that does the same, as it is printed on the keyboard. */
  readonly shortcut?: string;
  /** Set for one of several choices: whether it is the chosen one. */
  readonly chosen?: boolean;
  /** Why it can't be done now; then it is shown, and does nothing. */
  readonly refusal?: string;
  readonly href?: string;
  readonly onClick?: () => void;
  /** Opens a menu of its own. */
  readonly entries?: readonly MenuEntry[];
}

export interface MenuGroup {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

/** A menu gives the focus back a frame after it has gone: what takes the focus comes after that. */
export function afterMenu(act: () => void): () => void {
  return () => void requestAnimationFrame(() => requestAnimationFrame(act));
}

/** Heights of what a menu is made of, px, rather more than less. */
const ITEM = 32;
const DESCRIBED_ITEM = 54;
const HEADING = 32;
const PADDING = 16;

/** How high a menu of these groups becomes, px, rather more than less. */
export function menuHeight(groups: readonly MenuGroup[]): number {
  const items = groups.flatMap(({ entries }) => entries);
  const described = items.filter(({ refusal }) => refusal !== undefined).length;
  return PADDING + groups.length * HEADING + (items.length - described) * ITEM + described * DESCRIBED_ITEM;
}

/** The groups with each entry that opens a menu of its own as a group: what scrolls would cut that menu off. */
export function flatGroups(groups: readonly MenuGroup[]): MenuGroup[] {
  return groups.flatMap(({ label, entries }) => {
    const own = entries.filter((entry) => entry.entries === undefined);
    const opened = entries.flatMap((entry) =>
      entry.entries === undefined ? [] : [{ label: entry.label, entries: entry.entries }],
    );
    return own.length === 0 ? opened : [{ label, entries: own }, ...opened];
  });
}
