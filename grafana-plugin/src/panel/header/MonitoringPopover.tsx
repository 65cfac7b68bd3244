import { css } from '@emotion/css';
import { Toggletip, type PopoverContent } from '@grafana/ui';
import React, { useState, type JSX, type KeyboardEvent } from 'react';
import type { BridgeApi } from '../../bridge-api';
import { MonitoringActions } from './MonitoringActions';
import type { ShownMonitoring } from './use-monitoring';

interface Props {
  bridge: BridgeApi;
  monitoring: ShownMonitoring;
  placement: 'bottom-end' | 'bottom';
  /** The button that opens it. */
  children: JSX.Element;
}

/** Opens a small window over the panel, in which monitoring is switched; closed, it gives the focus back to its button. */
export function MonitoringPopover({ bridge, monitoring, placement, children }: Props) {
  const [open, setOpen] = useState(false);
  const content: PopoverContent = <MonitoringActions bridge={bridge} monitoring={monitoring} />;
  const onKeyDown = (event: KeyboardEvent): void => {
    // The panel has keys of its own, which are not meant here.
    if (open) event.stopPropagation();
  };
  // On the way down: the tooltip of the button that has the focus keeps Escape to itself.
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    if (open && event.key === 'Escape') setOpen(false);
  };
  return (
    <span className={styles} onKeyDown={onKeyDown} onKeyDownCapture={onKeyDownCapture}>
      <Toggletip
        show={open}
        onOpen={() => setOpen(true)}
        onClose={() => setOpen(false)}
        placement={placement}
        fitContent
        content={content}
      >
        {children}
      </Toggletip>
    </span>
  );
}

const styles = css({ display: 'inline-flex', flex: 'none' });
