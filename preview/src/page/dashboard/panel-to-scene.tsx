import { locationService } from '@grafana/runtime';
import {
  DataProviderProxy,
  SceneDataTransformer,
  SceneQueryRunner,
  SceneReactObject,
  VizPanel,
  VizPanelMenu,
} from '@grafana/scenes';
import type { SceneDataProvider, SceneObject } from '@grafana/scenes';
import type { PanelJson } from './dashboard-json';
import { PanelLinks } from './dashboard-links';
import { PanelNotices } from './panel-notices';

/** The "data source" by which one panel shows the data of another. */
const SHARED_DATA = '-- Dashboard --';

/** A panel's JSON as a scene panel. `findPanel` is asked later, when all panels are there. */
export function panelToScene(json: PanelJson): VizPanel {
  const fieldConfig = { defaults: json.fieldConfig?.defaults ?? {}, overrides: json.fieldConfig?.overrides ?? [] };
  return new VizPanel({
    key: panelKey(json.id),
    title: json.title ?? '',
    description: json.description,
    pluginId: json.type,
    pluginVersion: json.pluginVersion,
    options: json.options ?? {},
    fieldConfig: fieldConfig as VizPanel['state']['fieldConfig'],
    displayMode: json.transparent ? 'transparent' : 'default',
    hoverHeader: !json.title,
    titleItems: [
      ...(json.links?.length ? [new SceneReactObject({ reactNode: <PanelLinks links={json.links} /> })] : []),
      new PanelNotices({}),
    ],
    menu: createMenu(panelKey(json.id)),
  });
}

/** What a panel's queries become; panels that show another's data need that one's panel first. */
export function dataToScene(
  json: PanelJson,
  findPanel: (id: number) => VizPanel | undefined,
): SceneDataProvider | undefined {
  const targets = json.targets ?? [];
  const shared = targets.find((target) => (target.datasource ?? json.datasource)?.uid === SHARED_DATA);
  const source = shared && findPanel(shared.panelId ?? 0)?.state.$data;
  if (shared && !source) return undefined;
  if (!source && targets.length === 0) return undefined;

  const data = source
    ? new DataProviderProxy({ source: (source as SceneObject).getRef() as never })
    : new SceneQueryRunner({
        queries: targets,
        datasource: json.datasource ?? undefined,
        maxDataPoints: json.maxDataPoints,
        minInterval: json.interval,
        dataLayerFilter: { panelId: json.id },
      });
  return new SceneDataTransformer({ $data: data, transformations: json.transformations ?? [] });
}

export function isSharedData(json: PanelJson): boolean {
  return (json.targets ?? []).some((target) => (target.datasource ?? json.datasource)?.uid === SHARED_DATA);
}

export function panelKey(id: number): string {
  return `panel-${id}`;
}

/** One entry: the panel alone, or the whole dashboard again. */
function createMenu(key: string): VizPanelMenu {
  const isAlone = (): boolean => locationService.getSearch().get('viewPanel') === key;
  return new VizPanelMenu({
    $behaviors: [
      (menu: VizPanelMenu) => {
        menu.setItems([
          {
            text: isAlone() ? 'Back to dashboard' : 'View',
            iconClassName: isAlone() ? 'arrow-left' : 'eye',
            onClick: () => locationService.partial({ viewPanel: isAlone() ? null : key }),
          },
        ]);
      },
    ],
  });
}
