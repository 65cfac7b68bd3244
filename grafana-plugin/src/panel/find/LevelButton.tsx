import { Dropdown, Icon, Menu, useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
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
    <Menu ariaLabel={t('find.to-level')}>
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
        title={t('find.to-level-by-key')}
        data-active={rule?.kind === 'level'}
        data-testid="flow-level"
      >
        {rule?.kind === 'level' ? t('find.level-number', { level: rule.level }) : t('find.level')}
        <Icon name="angle-down" size="sm" />
      </button>
    </Dropdown>
  );
}
