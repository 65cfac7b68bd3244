import type { PanelFlow } from '../../frames/panel-flow';
import { afterMenu, type MenuEntry } from '../header/menu-groups';

/** Why the flow can't be replayed now; null when it can. */
export function replayRefusal({ status, nodes }: PanelFlow): string | null {
  if (status === 'running') return 'The flow still runs';
  return nodes.list.length === 0 ? 'The checkpoints are not loaded' : null;
}

export function replayEntry(flow: PanelFlow, isOpen: boolean, onOpen: () => void, onClose: () => void): MenuEntry {
  if (isOpen) return { label: 'End the replay', icon: 'times', onClick: onClose };
  const refusal = replayRefusal(flow);
  return {
    label: 'Replay',
    icon: 'play',
    shortcut: 'p',
    ...(refusal === null ? { onClick: afterMenu(onOpen) } : { refusal }),
  };
}
