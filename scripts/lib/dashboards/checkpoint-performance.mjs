import { annotation, CHECKPOINTS, dashboard, datasourceVariable, graph, ofField, panel, without } from './parts.mjs';

const EMPTY = 'No checkpoint ended in this time. Widen the time range, or choose another checkpoint.';
const stats = { queryType: 'checkpoint-stats', checkpoint: '$checkpoint' };
/** @param {string[]} figures */
const over = (...figures) => ({ ...stats, view: 'time-series', figures });

export const checkpointPerformance = dashboard({
  uid: 'flow-performance',
  title: 'Checkpoint performance',
  description:
    'How often, how long and how well each checkpoint ran, with tokens, cost and the time to the first chunk of model calls.',
  from: 'now-6h',
  refresh: '30s',
  variables: [datasourceVariable, CHECKPOINTS],
  annotations: [
    annotation('Failed flows', { annotate: 'errors', limit: 100 }, { color: 'red', isOn: false }),
    annotation(
      'Slow checkpoints',
      { annotate: 'slow', factor: 2, checkpoint: '$checkpoint', limit: 50 },
      { color: 'orange', isOn: false },
    ),
    annotation('Monitoring', { annotate: 'monitoring', limit: 100 }, { color: 'blue', isOn: true }),
  ],
  panels: [
    panel('table', {
      id: 1,
      at: [0, 0, 24, 8],
      title: 'Checkpoints over the whole time range',
      empty: EMPTY,
      target: { ...stats, view: 'summary' },
      transformations: [without('rate', 'mean_ms', 'first_chunk_p99_ms')],
      options: { showHeader: true, cellHeight: 'sm' },
      overrides: [
        ofField('error_rate', {
          color: { mode: 'thresholds' },
          thresholds: {
            mode: 'absolute',
            steps: [
              { color: 'text', value: null },
              { color: 'orange', value: 0.01 },
              { color: 'red', value: 0.05 },
            ],
          },
          'custom.cellOptions': { type: 'color-text' },
        }),
        ofField('checkpoint', { 'custom.width': 160 }),
      ],
    }),
    graph({ id: 2, at: [0, 8, 12, 8], title: 'Rate', empty: EMPTY, target: over('rate'), stacked: true }),
    graph({
      id: 3,
      at: [12, 8, 12, 8],
      title: 'Error rate',
      description: 'Without the checkpoint error, which fails each time.',
      empty: EMPTY,
      target: over('error_rate'),
      defaults: { max: 1 },
      overrides: [ofField('error', { 'custom.hideFrom': { viz: true, legend: true, tooltip: true } })],
    }),
    graph({ id: 4, at: [0, 16, 8, 8], title: 'Median duration', empty: EMPTY, target: over('p50_ms') }),
    graph({ id: 5, at: [8, 16, 8, 8], title: '95 % are quicker than', empty: EMPTY, target: over('p95_ms') }),
    graph({ id: 6, at: [16, 16, 8, 8], title: '99 % are quicker than', empty: EMPTY, target: over('p99_ms') }),
    panel('heatmap', {
      id: 7,
      at: [0, 24, 12, 9],
      title: 'How long checkpoints take',
      description: 'How many checkpoints took how long. The buckets are those that the bridge keeps.',
      empty: EMPTY,
      target: { ...stats, view: 'heatmap', of: 'duration' },
      options: {
        calculate: false,
        color: { mode: 'scheme', scheme: 'Oranges', exponent: 0.5, steps: 64, reverse: false, fill: 'dark-orange' },
        cellGap: 1,
        yAxis: { axisPlacement: 'left' },
        tooltip: { mode: 'single', yHistogram: false },
        legend: { show: true },
      },
    }),
    panel('table', {
      id: 8,
      at: [12, 24, 12, 9],
      title: 'Slowest flows',
      description: 'Of the newest 1,000 flows of the time range.',
      empty: 'No flow in this time.',
      target: { queryType: 'flow-list', checkpoint: '$checkpoint', limit: 1_000 },
      transformations: [
        {
          id: 'filterFieldsByName',
          options: { include: { names: ['name', 'status', 'duration_ms', 'user_id', 'session_id'] } },
        },
        { id: 'sortBy', options: { sort: [{ field: 'Duration', desc: true }] } },
        { id: 'limit', options: { limitField: 20 } },
      ],
      options: { showHeader: true, cellHeight: 'sm' },
      overrides: [ofField('duration_ms', { 'custom.width': 100 }), ofField('status', { 'custom.width': 90 })],
    }),
    graph({
      id: 9,
      at: [0, 33, 8, 8],
      title: 'Time to first chunk, 95 %',
      description: 'From the begin of a model call to the first piece of its answer.',
      empty: 'No streamed model call ended in this time.',
      target: over('first_chunk_p95_ms'),
    }),
    graph({
      id: 10,
      at: [8, 33, 8, 8],
      title: 'Tokens',
      empty: 'No model call told its tokens in this time.',
      target: over('input_tokens', 'output_tokens'),
      stacked: true,
    }),
    graph({
      id: 11,
      at: [16, 33, 8, 8],
      title: 'Cost',
      description: "By the prices in the data source's settings.",
      empty: 'No price is configured, or no model call has one. Prices are in the settings of the data source.',
      target: over('cost'),
      stacked: true,
    }),
  ],
});
