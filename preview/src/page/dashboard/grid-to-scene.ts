import { SceneGridItem, SceneGridLayout, SceneGridRow, type VizPanel } from '@grafana/scenes';
import type { PanelJson } from './dashboard-json';
import { dataToScene, isSharedData, panelToScene } from './panel-to-scene';

/** A dashboard's panels as a grid, and each by its id. */
export function gridToScene(panels: PanelJson[]): { grid: SceneGridLayout; byId: Map<number, VizPanel> } {
  const flat = panels.flatMap((json) => [json, ...(json.panels ?? [])]).filter((json) => json.type !== 'row');
  const byId = new Map(flat.map((json) => [json.id, panelToScene(json)]));
  // Those with queries of their own first: the others take theirs from them.
  for (const json of [...flat.filter((item) => !isSharedData(item)), ...flat.filter(isSharedData)]) {
    byId.get(json.id)!.setState({ $data: dataToScene(json, (id) => byId.get(id)) });
  }
  const toItem = (json: PanelJson): SceneGridItem => {
    const { x = 0, y = 0, w = 12, h = 8 } = json.gridPos ?? {};
    return new SceneGridItem({
      x,
      y,
      width: w,
      height: h,
      body: byId.get(json.id)!,
      isDraggable: false,
      isResizable: false,
    });
  };
  return {
    grid: new SceneGridLayout({ isDraggable: false, isResizable: false, children: toRows(panels, toItem) }),
    byId,
  };
}

/** An open row holds the panels that follow it, a folded one its own. */
function toRows(panels: PanelJson[], toItem: (json: PanelJson) => SceneGridItem): (SceneGridItem | SceneGridRow)[] {
  const children: (SceneGridItem | SceneGridRow)[] = [];
  let open: { row: PanelJson; items: SceneGridItem[] } | undefined;
  const closeRow = (): void => {
    if (open) children.push(toRow(open.row, open.items, false));
    open = undefined;
  };
  for (const json of panels) {
    if (json.type === 'row') {
      closeRow();
      if (json.collapsed) children.push(toRow(json, (json.panels ?? []).map(toItem), true));
      else open = { row: json, items: [] };
    } else if (open) {
      open.items.push(toItem(json));
    } else {
      children.push(toItem(json));
    }
  }
  closeRow();
  return children;
}

function toRow(json: PanelJson, children: SceneGridItem[], isCollapsed: boolean): SceneGridRow {
  return new SceneGridRow({
    key: `row-${json.id}`,
    title: json.title ?? '',
    y: json.gridPos?.y ?? 0,
    isCollapsible: true,
    isCollapsed,
    children,
  });
}
