import type { PanelData } from '@grafana/data';
import {
  EmbeddedScene,
  SceneDataNode,
  SceneFlexItem,
  SceneFlexLayout,
  SceneTimeRange,
  VizPanel,
} from '@grafana/scenes';
import type { ResultView } from './result-views';

/** Panels one below the other, without a dashboard. */
export interface ResultScene {
  root: EmbeddedScene;
  /** Gives the panels their data; the views must be those it was made of, with newer frames. */
  show(this: void, views: ResultView[], data: PanelData): void;
}

export function createResultScene(views: ResultView[]): ResultScene {
  const timeRange = new SceneTimeRange();
  const parts = views.map(({ title, pluginId, height }, i) => {
    const data = new SceneDataNode();
    // Panels keep their own state in the address by this key.
    const panel = new VizPanel({ key: `panel-${i + 1}`, title, pluginId, $data: data });
    return { data, item: new SceneFlexItem({ height, body: panel }) };
  });
  const root = new EmbeddedScene({
    $timeRange: timeRange,
    body: new SceneFlexLayout({ direction: 'column', children: parts.map(({ item }) => item) }),
  });
  let shownRange = timeRange.state.value;
  return {
    root,
    show(latest, data) {
      if (shownRange !== data.timeRange) {
        shownRange = data.timeRange;
        timeRange.onTimeRangeChange(data.timeRange);
      }
      parts.forEach((part, i) => {
        const view = latest[i];
        if (view === undefined) return;
        if (part.item.state.height !== view.height) part.item.setState({ height: view.height });
        part.data.setState({ data: { ...data, series: view.frames } });
      });
    },
  };
}
