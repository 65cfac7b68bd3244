import {
  CHECKPOINTS,
  dashboard,
  DATASOURCE,
  datasourceVariable,
  graph,
  listVariable,
  ofField,
  panel,
  SERVICES,
  textVariable,
  without,
} from './parts.mjs';

const EMPTY = 'No flow of this time passes the filters. Widen the time range, or set the filters above back to All.';
const STATUSES = ['ok', 'error', 'aborted', 'timed_out', 'lost', 'running'];

const statusVariable = {
  type: 'custom',
  name: 'status',
  label: 'Status',
  query: STATUSES.join(','),
  multi: true,
  includeAll: true,
  allowCustomValue: false,
  current: { text: ['All'], value: ['$__all'] },
  options: [],
  hide: 0,
  skipUrlSync: false,
};

export const flowHistory = dashboard({
  uid: 'flow-history',
  title: 'Flow history',
  description:
    'All flows that were recorded, by user, service, checkpoint, status, duration and text; each leads to its session.',
  from: 'now-6h',
  links: [
    {
      type: 'link',
      title: 'Export this time range',
      url: '/api/datasources/proxy/uid/${datasource}/api/v1/flows/export?from=${__from}&to=${__to}&format=ndjson',
      icon: 'external link',
      tooltip: 'All flows of the time range with their checkpoints, as NDJSON; the filters above do not count',
      tags: [],
      asDropdown: false,
      includeVars: false,
      keepTime: false,
      targetBlank: true,
    },
  ],
  variables: [
    datasourceVariable,
    listVariable('users', { name: 'user', label: 'User', multi: true }),
    SERVICES,
    CHECKPOINTS,
    statusVariable,
    textVariable('min_ms', 'Took at least (ms)', 'Only flows that took so long, in milliseconds; empty for all'),
    textVariable('search', 'Contains', 'Text in an id, the name, the trace id or the error of a flow'),
  ],
  panels: [
    graph({
      id: 2,
      at: [0, 0, 24, 6],
      title: 'Checkpoints a second',
      description: 'Of all users and services: figures are kept by checkpoint.',
      empty: 'No checkpoint ended in this time.',
      target: { queryType: 'checkpoint-stats', view: 'time-series', figures: ['rate'], checkpoint: '$checkpoint' },
      stacked: true,
    }),
    panel('table', {
      id: 1,
      at: [0, 6, 24, 18],
      title: 'Flows, newest first',
      description:
        'The newest 2,000. A click on a session or a flow shows it; Inspect → Data gives the table as CSV, and the export of the bridge all flows of the time range.',
      empty: EMPTY,
      datasource: DATASOURCE,
      target: {
        queryType: 'flow-list',
        user: '$user',
        session: '',
        service: '$service',
        checkpoint: '$checkpoint',
        status: ['$status'],
        minDurationMs: '$min_ms',
        text: '$search',
        limit: 2_000,
      },
      transformations: [without('flow_id', 'trace_id')],
      options: { showHeader: true, cellHeight: 'sm', enablePagination: true },
      overrides: [
        ofField('started_ts', { 'custom.width': 192 }),
        ofField('name', { 'custom.width': 185 }),
        ofField('status', { 'custom.width': 85 }),
        ofField('duration_ms', { 'custom.width': 85 }),
        ofField('user_id', { 'custom.width': 110 }),
        ofField('session_id', { 'custom.width': 185 }),
        ofField('service', { 'custom.width': 130 }),
        ofField('checkpoint_count', { 'custom.width': 105 }),
        ofField('error_count', { 'custom.width': 65 }),
        ofField('http_status', { 'custom.width': 105 }),
      ],
    }),
  ],
});
