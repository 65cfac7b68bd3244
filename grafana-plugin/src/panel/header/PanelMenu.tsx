import { Dropdown, IconButton, Menu } from '@grafana/ui';
import React from 'react';
import type { FlowFrameMeta } from '../../frames/meta';
import { FLOW_VIEW_NAMES, FLOW_VIEWS, type FlowView } from '../options';
import { useMonitoring } from './use-monitoring';

interface Props {
  meta: FlowFrameMeta | null;
  view: FlowView;
  onView: (view: FlowView) => void;
}

/** What a small header has no room for. */
export function PanelMenu({ meta, view, onView }: Props) {
  const monitoring = useMonitoring(meta);
  const menu = (
    <Menu ariaLabel="Panel menu">
      <Menu.Group label="View">
        {FLOW_VIEWS.map((name) => (
          <Menu.Item
            key={name}
            role="menuitemradio"
            ariaChecked={name === view}
            label={FLOW_VIEW_NAMES[name]}
            icon={name === view ? 'check' : undefined}
            active={name === view}
            onClick={() => onView(name)}
          />
        ))}
      </Menu.Group>
      {monitoring !== null && (
        <Menu.Item label={monitoring.text} icon={monitoring.on ? 'eye' : 'eye-slash'} url={monitoring.href} />
      )}
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <IconButton name="ellipsis-v" aria-label="View and monitoring" size="md" />
    </Dropdown>
  );
}
