import { Dropdown, Icon, Menu, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { CollapseRule } from '../layout/collapse';
import { getButtonStyles } from './button-styles';
import { levelEntries } from './find-menu';

interface Props {
  rule: CollapseRule | undefined;
  onLevel: (level: number) => void;
}

/** Down to which level the flow is expanded. */
export function LevelButton({ rule, onLevel }: Props) {
  const styles = useStyles2(getButtonStyles);
  const menu = (
    <Menu ariaLabel="Expand to a level">
      {levelEntries(rule, onLevel).map(({ label, shortcut, chosen, onClick }) => (
        <Menu.Item
          key={label}
          label={label}
          role="menuitemradio"
          ariaChecked={chosen === true}
          active={chosen === true}
          {...(chosen === true ? { icon: 'check' } : {})}
          {...(shortcut === undefined ? {} : { shortcut })}
          {...(onClick === undefined ? {} : { onClick })}
        />
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <button
        type="button"
        className={styles.button}
        title="Expand to a level (0–9, * for everything)"
        data-active={rule?.kind === 'level'}
        data-testid="flow-level"
      >
        {rule?.kind === 'level' ? `Level ${rule.level}` : 'Level'}
        <Icon name="angle-down" size="sm" />
      </button>
    </Dropdown>
  );
}
