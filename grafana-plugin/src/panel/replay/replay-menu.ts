import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { afterMenu, type MenuEntry } from '../header/menu-groups';

/** Why the flow can't be replayed now; null when it can. */
export function replayRefusal({ status, nodes }: PanelFlow): string | null {
  if (status === 'running') return t('replay.flow-runs');
  return nodes.list.length === 0 ? t('replay.not-loaded') : null;
}

export function replayEntry(flow: PanelFlow, isOpen: boolean, onOpen: () => void, onClose: () => void): MenuEntry {
  if (isOpen) return { label: t('replay.end'), icon: 'times', onClick: onClose };
  const refusal = replayRefusal(flow);
  return {
    label: t('replay.title'),
    icon: 'play',
    shortcut: 'p',
    ...(refusal === null ? { onClick: afterMenu(onOpen) } : { refusal }),
  };
}
