import {
  behaviors,
  dataLayers,
  EmbeddedScene,
  SceneControlsSpacer,
  SceneDataLayerSet,
  SceneFlexItem,
  SceneFlexLayout,
  SceneReactObject,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  VariableValueSelectors,
  type SceneObject,
} from '@grafana/scenes';
import type { ReactNode } from 'react';
import { AnnotationControls } from './annotation-controls';
import type { DashboardJson } from './dashboard-json';
import { DashboardLinks } from './dashboard-links';
import { gridToScene } from './grid-to-scene';
import { panelKey } from './panel-to-scene';
import { variablesToScene } from './variables-to-scene';

/**
 * A classic dashboard's JSON as a scene.
 * @param viewPanel key of the one panel to show, such as `panel-3`
 */
export function dashboardToScene(json: DashboardJson, viewPanel: string | null): EmbeddedScene {
  const { grid, byId } = gridToScene(json.panels ?? []);
  const alone = [...byId].find(([id]) => panelKey(id) === viewPanel || String(id) === viewPanel)?.[1];
  const layers = annotationsOf(json).map(
    (query) =>
      new dataLayers.AnnotationsDataLayer({
        name: query.name,
        query: query,
        isEnabled: query.enable !== false,
        isHidden: query.hide,
      }),
  );
  let body: SceneObject = grid;
  if (alone) {
    alone.clearParent();
    body = new SceneFlexLayout({ direction: 'column', children: [new SceneFlexItem({ body: alone, minHeight: 200 })] });
  }
  return new EmbeddedScene({
    key: json.uid,
    $timeRange: new SceneTimeRange({
      from: json.time?.from ?? 'now-1h',
      to: json.time?.to ?? 'now',
      timeZone: json.timezone || undefined,
    }),
    $variables: variablesToScene(json.templating?.list ?? []),
    $data: new SceneDataLayerSet({ layers }),
    $behaviors: [new behaviors.CursorSync({ sync: json.graphTooltip ?? 0 })],
    controls: createControls(json, <AnnotationControls layers={layers} />),
    body,
  });
}

/** Those of the dashboard itself: Grafana's own alerts and annotations are not here. */
function annotationsOf(json: DashboardJson) {
  return (json.annotations?.list ?? []).filter((query) => !query.builtIn);
}

function createControls(json: DashboardJson, annotations: ReactNode): SceneObject[] {
  const { hidden, refresh_intervals: intervals } = json.timepicker ?? {};
  const links = json.links ?? [];
  return [
    new VariableValueSelectors({}),
    new SceneReactObject({ reactNode: annotations }),
    new SceneControlsSpacer(),
    ...(links.length > 0 ? [new SceneReactObject({ reactNode: <DashboardLinks links={links} uid={json.uid} /> })] : []),
    ...(hidden ? [] : [new SceneTimePicker({ isOnCanvas: true })]),
    ...(hidden
      ? []
      : [
          new SceneRefreshPicker({
            isOnCanvas: true,
            withText: true,
            refresh: json.refresh || '',
            intervals,
          }),
        ]),
  ];
}
