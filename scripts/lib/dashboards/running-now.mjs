import {
  CHECKPOINTS,
  dashboard,
  datasourceVariable,
  ofField,
  panel,
  SERVICES,
  textVariable,
  without,
} from './parts.mjs';

const target = {
  queryType: 'running',
  service: '$service',
  checkpoint: '$checkpoint',
  minDurationMs: '$min_ms',
  limit: 500,
};
const EMPTY = 'Nothing runs now';

/** One figure of all that runs. @param {{ id: number, x: number, title: string, field: string, calc: string, defaults: import('./parts.mjs').Json, overrides?: import('./parts.mjs').Json[] }} options */
const figure = ({ id, x, title, field, calc, defaults, overrides = [] }) =>
  panel('stat', {
    id,
    at: [x, 0, 8, 4],
    title,
    empty: '–',
    target,
    defaults,
    overrides,
    transformations: [{ id: 'filterFieldsByName', options: { include: { names: [field] } } }],
    options: {
      reduceOptions: { calcs: [calc], fields: '', values: false },
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      textMode: 'value',
      orientation: 'auto',
    },
  });

/** From green to red by how long something runs. @param {number} warnMs @param {number} alarmMs */
const steps = (warnMs, alarmMs) => ({
  mode: 'absolute',
  steps: [
    { color: 'green', value: null },
    { color: 'orange', value: warnMs },
    { color: 'red', value: alarmMs },
  ],
});

export const runningNow = dashboard({
  uid: 'flow-running',
  title: 'Running now',
  description:
    'Every flow that runs at this moment, of all users, monitored or not, the oldest first: what hangs is on top.',
  variables: [
    datasourceVariable,
    SERVICES,
    CHECKPOINTS,
    textVariable('min_ms', 'Runs at least (ms)', 'Only flows that have run so long, in milliseconds; empty for all'),
  ],
  panels: [
    figure({
      id: 2,
      x: 0,
      title: 'Flows that run',
      field: 'running_ms',
      calc: 'count',
      defaults: { color: { mode: 'fixed', fixedColor: 'text' } },
      // It counts values of milliseconds.
      overrides: [ofField('running_ms', { unit: 'none', decimals: 0 })],
    }),
    figure({
      id: 3,
      x: 8,
      title: 'The oldest runs for',
      field: 'running_ms',
      calc: 'max',
      defaults: { unit: 'ms', color: { mode: 'thresholds' }, thresholds: steps(30_000, 120_000) },
    }),
    figure({
      id: 4,
      x: 16,
      title: 'The longest open step',
      field: 'waiting_ms',
      calc: 'max',
      defaults: { unit: 'ms', color: { mode: 'thresholds' }, thresholds: steps(30_000, 120_000) },
    }),
    panel('table', {
      id: 1,
      at: [0, 4, 24, 16],
      title: 'Running now, oldest first',
      description: 'Asked for every two seconds, for all panels together. At most 500 flows.',
      empty: EMPTY,
      target,
      transformations: [without('flow_id', 'open_count', 'node_id')],
      options: { showHeader: true, cellHeight: 'sm' },
      overrides: [
        ofField('running_ms', {
          thresholds: steps(30_000, 120_000),
          color: { mode: 'thresholds' },
          'custom.cellOptions': { type: 'color-text' },
          'custom.width': 110,
        }),
        ofField('waiting_ms', { 'custom.width': 110 }),
        // Grafana tells milliseconds where all rows are of one minute.
        ofField('started_ts', { 'custom.width': 190 }),
        ofField('service', { 'custom.width': 120 }),
        ofField('checkpoint', { 'custom.width': 130 }),
        ofField('tool', { 'custom.width': 130 }),
        ofField('model', { 'custom.width': 130 }),
        ofField('name', { 'custom.width': 190 }),
        ofField('user_id', { 'custom.width': 120 }),
      ],
    }),
  ],
});
