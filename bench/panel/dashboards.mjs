import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repoRoot } from '../../scripts/lib/settings.mjs';

const DATASOURCE = { type: 'flowtracking-flows-datasource', uid: 'flow-tracking' };

export const HISTORY_DASHBOARD = 'bench-history';
export const LIVE_DASHBOARD = 'bench-live';

/** One panel, which `viewPanel=1` draws over the whole page. @param {string} uid @param {string} variable @param {object} query */
const dashboard = (uid, variable, query) => ({
  uid,
  title: uid,
  schemaVersion: 41,
  time: { from: 'now-1h', to: 'now' },
  timepicker: { hidden: true },
  templating: { list: [{ type: 'textbox', name: variable, query: '', current: { text: '', value: '' }, hide: 2 }] },
  panels: [
    {
      id: 1,
      type: 'flowtracking-flowtree-panel',
      title: '',
      datasource: DATASOURCE,
      gridPos: { x: 0, y: 0, w: 24, h: 20 },
      fieldConfig: { defaults: {}, overrides: [] },
      // Every node is laid out: what folds costs nothing.
      options: { view: 'tree', foldSiblings: false, direction: 'right' },
      targets: [{ refId: 'A', datasource: DATASOURCE, ...query }],
    },
  ],
});

/**
 * Writes a provisioning folder: all of the repository's, and dashboards with nothing but the panel.
 *
 * @param {string} dir
 * @returns {Promise<string>} the folder
 */
export async function writeDashboards(dir) {
  const root = path.join(dir, 'provisioning');
  const dashboards = path.join(root, 'dashboards', 'bench');
  for (const folder of ['datasources', 'plugins', 'dashboards']) {
    await cp(path.join(repoRoot, 'provisioning', folder), path.join(root, folder), { recursive: true });
  }
  await mkdir(dashboards, { recursive: true });
  const provider = { name: 'bench', type: 'file', options: { path: dashboards } };
  // JSON is YAML, too.
  await writeFile(path.join(root, 'dashboards/bench.yaml'), JSON.stringify({ apiVersion: 1, providers: [provider] }));
  const all = [
    dashboard(HISTORY_DASHBOARD, 'flow', { queryType: 'history', select: 'flow', flow: '$flow' }),
    dashboard(LIVE_DASHBOARD, 'user', { queryType: 'live', select: 'user', user: '$user' }),
  ];
  for (const json of all) await writeFile(path.join(dashboards, `${json.uid}.json`), JSON.stringify(json));
  return root;
}
