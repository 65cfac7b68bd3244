import type { DataFrame } from '@grafana/data';
import { config } from '@grafana/runtime';

/** What one panel below the editor shows. */
export interface ResultView {
  /** The same for as long as it is the same panel with newer data. */
  key: string;
  title: string;
  pluginId: string;
  /** Px. */
  height: number;
  frames: DataFrame[];
}

/** It takes frames of traces; Grafana's own panel for them is not published. */
const TRACE_PANEL = 'flowtracking-flowtree-panel';

/**
 * Which panels show an answer, by what its frames prefer, as in Grafana's Explore: a panel plugin, a trace, a graph, and
 * otherwise a table for each frame. A node graph is its two tables.
 */
export function viewsOf(series: DataFrame[]): ResultView[] {
  const views = new Map<string, ResultView>();
  series.forEach((frame, i) => {
    const view = viewOf(frame, i);
    const known = views.get(view.key);
    if (known) known.frames.push(frame);
    else views.set(view.key, view);
  });
  return [...views.values()];
}

function viewOf(frame: DataFrame, index: number): ResultView {
  const { preferredVisualisationPluginId: own = '', preferredVisualisationType: type } = frame.meta ?? {};
  const plugin = config.panels[own];
  if (plugin) return { key: own, title: plugin.name, pluginId: own, height: 560, frames: [frame] };
  if (type === 'trace') return { key: type, title: 'Trace', pluginId: TRACE_PANEL, height: 560, frames: [frame] };
  if (type === 'graph') return { key: type, title: 'Graph', pluginId: 'timeseries', height: 340, frames: [frame] };
  const title = [type === 'nodeGraph' ? 'Node graph' : 'Table', frame.name].filter(Boolean).join(': ');
  return { key: `table ${index}`, title, pluginId: 'table', height: tableHeight(frame.length), frames: [frame] };
}

/** As high as its rows need, within bounds: title, header, rows, padding. */
function tableHeight(rows: number): number {
  return Math.min(460, Math.max(140, 90 + 36 * rows));
}
