import { Dropdown, IconButton, Menu } from '@grafana/ui';
import React, { useRef } from 'react';
import { t } from '../../texts/t';
import { flatGroups, menuHeight, type MenuEntry, type MenuGroup } from './menu-groups';

/** Between the button and the menu, and between the menu and the end of the window, px. */
const GAP = 8;
/** The least that is worth scrolling in, px. */
const LEAST = 120;

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
  const anchor = useRef<HTMLSpanElement>(null);
  if (groups.length === 0) return null;
  return (
    <span ref={anchor}>
      <Dropdown overlay={() => menuOf(groups, roomAt(anchor.current))} placement="bottom-end">
        <IconButton name="ellipsis-v" aria-label={t('header.menu')} size="md" />
      </Dropdown>
    </span>
  );
}

/** A menu that scrolls where the window is too low for all of it. */
function menuOf(groups: readonly MenuGroup[], room: number): React.ReactElement {
  const fits = menuHeight(groups) <= room;
  return (
    <Menu ariaLabel={t('header.menu')} {...(fits ? {} : { style: { maxHeight: room, overflowY: 'auto' } })}>
      {(fits ? groups : flatGroups(groups)).map(({ label, entries }) => (
        <Menu.Group key={label} label={label}>
          {entries.map(itemOf)}
        </Menu.Group>
      ))}
    </Menu>
  );
}

/** How high a menu may be above or below its button, px: it opens where there is more room. */
function roomAt(button: Element | null): number {
  if (button === null) return Infinity;
  const { top, bottom } = button.getBoundingClientRect();
  return Math.max(LEAST, Math.max(top, window.innerHeight - bottom) - 2 * GAP);
}
