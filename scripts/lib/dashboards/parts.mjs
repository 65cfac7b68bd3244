/**
 * What the provisioned dashboards are made of. They are written by a program, so that variables, links and the places of
 * panels are alike in all of them; Grafana reads, and people edit, the JSON.
 */

export const DATASOURCE_TYPE = 'flowtracking-flows-datasource';
export const FLOW_PANEL = 'flowtracking-flowtree-panel';
/** The datasource that the viewer chose. */
export const DATASOURCE = { type: DATASOURCE_TYPE, uid: '${datasource}' };

/** @typedef {Record<string, unknown>} Json */

/** Which datasource of a type is asked. @param {{ name: string, label: string, type: string }} options @returns {Json} */
export const chooseDatasource = ({ name, label, type }) => ({
  type: 'datasource',
  name,
  label,
  query: type,
  regex: '',
  refresh: 1,
  multi: false,
  includeAll: false,
  current: { text: '', value: '' },
  options: [],
  hide: 0,
  skipUrlSync: false,
});

export const datasourceVariable = chooseDatasource({
  name: 'datasource',
  label: 'Data source',
  type: DATASOURCE_TYPE,
});

const ALL = { text: 'All', value: '$__all' };

/**
 * A variable that lists what the bridge knows of the last day; a person may type what is not listed.
 *
 * @param {'users' | 'sessions' | 'checkpoints' | 'services'} select
 * @param {{ name: string, label: string, multi?: boolean, includeAll?: boolean, user?: string }} options
 * @returns {Json}
 */
export const listVariable = (select, { name, label, multi = false, includeAll = true, user = '' }) => ({
  type: 'query',
  name,
  label,
  datasource: DATASOURCE,
  query: { refId: 'FlowVariable', select, user, search: '$__searchFilter' },
  refresh: 2,
  sort: 0,
  regex: '',
  multi,
  includeAll,
  allowCustomValue: true,
  current: includeAll ? (multi ? { text: [ALL.text], value: [ALL.value] } : ALL) : { text: '', value: '' },
  options: [],
  hide: 0,
  skipUrlSync: false,
});

/** @param {string} name @param {string} label @param {string} description @returns {Json} */
export const textVariable = (name, label, description) => ({
  type: 'textbox',
  name,
  label,
  description,
  query: '',
  current: { text: '', value: '' },
  options: [{ text: '', value: '', selected: true }],
  hide: 0,
  skipUrlSync: false,
});

export const SERVICES = listVariable('services', { name: 'service', label: 'Service', multi: true });
export const CHECKPOINTS = listVariable('checkpoints', { name: 'checkpoint', label: 'Checkpoint', multi: true });

/**
 * @param {{ uid: string, title: string, description: string, variables: Json[], panels: Json[], from?: string, refresh?: string,
 *   annotations?: Json[], links?: Json[] }} options `refresh`: as Grafana writes it; none for what comes by itself
 * @returns {Json}
 */
export const dashboard = ({
  uid,
  title,
  description,
  variables,
  panels,
  from = 'now-1h',
  refresh = '',
  annotations = [],
  links = [],
}) => ({
  uid,
  title,
  description,
  tags: ['flow-tracking'],
  schemaVersion: 41,
  version: 1,
  editable: true,
  graphTooltip: 1,
  fiscalYearStartMonth: 0,
  liveNow: false,
  refresh,
  timezone: 'browser',
  weekStart: '',
  time: { from, to: 'now' },
  timepicker: {},
  annotations: { list: annotations },
  links: [
    {
      type: 'dashboards',
      title: 'Flow tracking',
      url: '',
      icon: 'dashboard',
      tooltip: '',
      tags: ['flow-tracking'],
      asDropdown: true,
      includeVars: true,
      keepTime: true,
      targetBlank: false,
    },
    ...links,
  ],
  templating: { list: variables },
  panels,
});

/**
 * @param {string} type of panel
 * @param {{ id: number, at: [x: number, y: number, w: number, h: number], title: string, description?: string, empty?: string,
 *   target?: Json, datasource?: Json, targets?: Json[], options?: Json, defaults?: Json, overrides?: Json[],
 *   transformations?: Json[], interval?: string }} options `empty`: what is said where there is nothing to show
 * @returns {Json}
 */
export const panel = (type, options) => {
  const { id, at, title, description, empty, target, datasource = DATASOURCE } = options;
  const [x, y, w, h] = at;
  const targets = options.targets ?? (target === undefined ? [] : [target]);
  return {
    id,
    type,
    title,
    ...(description !== undefined && { description }),
    datasource,
    gridPos: { x, y, w, h },
    fieldConfig: {
      defaults: { ...(empty !== undefined && { noValue: empty }), ...options.defaults },
      overrides: [
        // The text for an empty table would stand in every cell without a value.
        ...(type === 'table'
          ? [{ matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: '–' }] }]
          : []),
        ...(options.overrides ?? []),
      ],
    },
    options: options.options ?? {},
    targets: targets.map((query, i) => ({ refId: String.fromCharCode(65 + i), datasource, ...query })),
    ...(options.transformations !== undefined && { transformations: options.transformations }),
    ...(options.interval !== undefined && { interval: options.interval }),
  };
};

/** Properties of a field, by its name. @param {string} name @param {Json} properties by their ids @returns {Json} */
export const ofField = (name, properties) => ({
  matcher: { id: 'byName', options: name },
  properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
});

/** Leaves out columns: which option of a table hides one depends on Grafana's version. @param {string[]} names @returns {Json} */
export const without = (...names) => ({ id: 'filterFieldsByName', options: { exclude: { names } } });

/** A graph of one or several figures. @param {Parameters<typeof panel>[1] & { stacked?: boolean }} options */
export const graph = ({ stacked = false, defaults, ...options }) =>
  panel('timeseries', {
    ...options,
    defaults: {
      color: { mode: 'palette-classic-by-name' },
      min: 0,
      custom: {
        drawStyle: 'line',
        lineWidth: 1,
        fillOpacity: stacked ? 25 : 8,
        showPoints: 'auto',
        pointSize: 4,
        spanNulls: false,
        stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
      },
      ...defaults,
    },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  });

/** @param {string} title @param {Json} target @param {{ color: string, isOn: boolean }} options @returns {Json} */
export const annotation = (title, target, { color, isOn }) => ({
  name: title,
  datasource: DATASOURCE,
  enable: isOn,
  hide: false,
  iconColor: color,
  target: { refId: 'Anno', queryType: 'annotations', ...target },
});
