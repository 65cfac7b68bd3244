import { Dropdown, IconButton, Menu, type IconName } from '@grafana/ui';
import React from 'react';

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

function itemOf(entry: MenuEntry): React.ReactElement {
  return (
    <Menu.Item
      key={entry.label}
      label={entry.label}
      icon={entry.chosen === true ? 'check' : entry.icon}
      {...(entry.chosen === undefined ? {} : { role: 'menuitemradio', ariaChecked: entry.chosen })}
      active={entry.chosen === true}
      disabled={entry.refusal !== undefined}
      {...(entry.refusal === undefined ? {} : { description: entry.refusal })}
      {...(entry.shortcut === undefined ? {} : { shortcut: entry.shortcut })}
      {...(entry.href === undefined ? {} : { url: entry.href })}
      {...(entry.onClick === undefined ? {} : { onClick: entry.onClick })}
      {...(entry.entries === undefined ? {} : { childItems: entry.entries.map(itemOf) })}
    />
  );
}

/** All that is not done so often that it needs a button of its own; of a small header, all. */
export function PanelMenu({ groups }: { groups: readonly MenuGroup[] }) {
  if (groups.length === 0) return null;
  const menu = (
    <Menu ariaLabel="Panel menu">
      {groups.map(({ label, entries }) => (
        <Menu.Group key={label} label={label}>
          {entries.map(itemOf)}
        </Menu.Group>
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <IconButton name="ellipsis-v" aria-label="Panel menu" size="md" />
    </Dropdown>
  );
}
