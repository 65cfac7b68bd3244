import { chooseDatasource, dashboard, graph, panel } from './parts.mjs';

const PROMETHEUS = { type: 'prometheus', uid: '${prometheus}' };
const EMPTY = 'Prometheus has no metrics of a bridge in this time. It must scrape /metrics of each bridge.';

/** @param {string} expr @param {string} legendFormat */
const metric = (expr, legendFormat) => ({ expr, legendFormat, range: true, instant: false, editorMode: 'code' });

/** @param {Parameters<typeof graph>[0]} options */
const ofPrometheus = (options) => graph({ datasource: PROMETHEUS, empty: EMPTY, ...options });

/**
 * One figure of this moment.
 *
 * @param {{ id: number, at: [x: number, y: number, w: number, h: number], title: string, empty: string,
 *   target: import('./parts.mjs').Json, colors: [ofNone: string, ofSome: string] }} options
 */
const now = ({ colors: [ofNone, ofSome], target, ...options }) =>
  panel('stat', {
    ...options,
    datasource: PROMETHEUS,
    target: { ...target, range: false, instant: true },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: 'value',
      graphMode: 'none',
    },
    defaults: {
      color: { mode: 'thresholds' },
      thresholds: {
        mode: 'absolute',
        steps: [
          { color: ofNone, value: null },
          { color: ofSome, value: 1 },
        ],
      },
    },
  });

export const bridgeHealth = dashboard({
  uid: 'flow-bridge-health',
  title: 'Bridge health',
  description: 'Whether the bridges keep up, from the metrics that Prometheus scrapes from them.',
  refresh: '30s',
  variables: [chooseDatasource({ name: 'prometheus', label: 'Prometheus', type: 'prometheus' })],
  panels: [
    now({
      id: 1,
      at: [0, 0, 6, 5],
      title: 'Bridges',
      empty: '0',
      target: metric('count(flow_bridge_info)', 'bridges'),
      colors: ['red', 'green'],
    }),
    now({
      id: 2,
      at: [6, 0, 6, 5],
      title: 'Work that fails now',
      empty: 'None',
      target: metric('count(flow_bridge_failing == 1)', 'failing'),
      colors: ['green', 'red'],
    }),
    ofPrometheus({
      id: 3,
      at: [12, 0, 12, 5],
      title: 'Redis and Postgres answer',
      targets: [metric('flow_bridge_dependency_up', '{{instance}} {{dependency}}')],
      defaults: { max: 1, decimals: 0 },
    }),
    ofPrometheus({
      id: 4,
      at: [0, 5, 12, 8],
      title: 'History is behind by',
      description: 'Age of the oldest event that is not in Postgres yet.',
      targets: [metric('max by (partition) (flow_bridge_history_lag_seconds)', 'partition {{partition}}')],
      defaults: { unit: 's' },
    }),
    ofPrometheus({
      id: 5,
      at: [12, 5, 12, 8],
      title: 'Events that wait',
      targets: [metric('max by (partition) (flow_bridge_history_lag_entries)', 'partition {{partition}}')],
      defaults: { unit: 'short' },
    }),
    ofPrometheus({
      id: 6,
      at: [0, 13, 12, 8],
      title: 'Lost',
      description: 'What was trimmed before it was stored, refused, or died with its process.',
      targets: [
        metric('sum(increase(flow_bridge_history_trimmed_entries_total[$__rate_interval]))', 'entries trimmed'),
        metric('sum(increase(flow_bridge_history_dead_letters_total[$__rate_interval]))', 'events refused'),
        metric('sum(increase(flow_bridge_history_flows_lost_total[$__rate_interval]))', 'flows lost'),
      ],
      defaults: { unit: 'short' },
    }),
    ofPrometheus({
      id: 7,
      at: [12, 13, 12, 8],
      title: 'Viewers and monitored users',
      targets: [
        metric('sum(flow_bridge_live_viewers)', 'live viewers'),
        metric('max(flow_bridge_monitoring_grants)', 'monitored users'),
        metric('max(flow_bridge_flows_stalled)', 'stalled flows'),
      ],
      defaults: { unit: 'short', decimals: 0 },
    }),
    ofPrometheus({
      id: 8,
      at: [0, 21, 12, 8],
      title: 'A batch is stored within, 95 %',
      targets: [
        metric(
          'histogram_quantile(0.95, sum by (le) (rate(flow_bridge_history_batch_duration_seconds_bucket[$__rate_interval])))',
          'batch',
        ),
      ],
      defaults: { unit: 's' },
    }),
    ofPrometheus({
      id: 9,
      at: [12, 21, 12, 8],
      title: 'HTTP requests a second',
      targets: [
        metric(
          'sum by (route, status) (rate(flow_bridge_http_request_duration_seconds_count[$__rate_interval]))',
          '{{route}} {{status}}',
        ),
      ],
      defaults: { unit: 'reqps' },
    }),
  ],
});
