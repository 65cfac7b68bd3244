import type { PanelProps } from '@grafana/data';
import { useExportMenu } from './export/use-export-menu';
import { findMenu, helpMenu } from './find/find-menu';
import type { OverlayState } from './find/use-overlay';
import type { MenuGroup } from './header/menu-groups';
import { treeMenu } from './header/tree-menu';
import type { PanelRoom } from './panel-room';
import type { PanelModel } from './use-panel-model';

/** What can be done with the flow that is shown, in groups. */
export function usePanelMenu(
  model: PanelModel,
  room: PanelRoom,
  overlay: OverlayState,
  { id, timeRange, timeZone }: Pick<PanelProps, 'id' | 'timeRange' | 'timeZone'>,
): readonly MenuGroup[] {
  const { find, direction, folding, time, dispatch } = model;
  const exports = useExportMenu({ ...model, panelId: id, timeRange, timeZone });
  return [
    ...(find === null || room.find === 'wide' ? [] : [findMenu(find, room.find === 'tight', overlay.open)]),
    treeMenu({
      direction,
      folding,
      onDirection: (next) => dispatch({ type: 'direction', direction: next }),
      onFolding: (on) => dispatch({ type: 'folding', on }),
    }),
    ...time.menu,
    ...exports,
    helpMenu(overlay.open),
  ];
}
