import type { PanelPlugin } from '@grafana/data';
import { statPanel } from './stat-panel';
import { tablePanel } from './table-panel';
import { textPanel } from './text-panel';
import { barGaugePanel } from './bar-gauge-panel';
import { heatmapPanel } from './heatmap-panel';
import { timeSeriesPanel } from './time-series-panel';

/** Stand-ins for the panels that come with Grafana, whose code is not published: by plugin id. */
export const builtInPanels: Partial<Record<string, () => PanelPlugin>> = {
  bargauge: barGaugePanel,
  gauge: statPanel,
  heatmap: heatmapPanel,
  stat: statPanel,
  table: tablePanel,
  text: textPanel,
  timeseries: timeSeriesPanel,
};
