import type { CheckpointRecord, FlowRecord } from '@flow-tracking/protocol';
import type { FlowView } from '@flow-tracking/protocol/model';
import type { DataFrame, Field, FieldConfig, FieldType } from '@grafana/data';
import type { Notice } from '../../../frames/meta';
import { t } from '../../../texts/t';

/** The node graph lays out so many in a second; beyond it the browser stands still. */
const MAX_NODES = 1_500;

interface GraphNode {
  id: string;
  source: string | null;
  title: string;
  status: string;
  durationMs: number | null;
  startedTs: number;
  error: FlowRecord['error'];
}

const ofFlow = (flow: FlowRecord): GraphNode => ({
  id: flow.flow_id,
  source: null,
  title: flow.name === '' ? flow.flow_id : flow.name,
  status: flow.status,
  durationMs: flow.duration_ms,
  startedTs: flow.started_ts,
  error: flow.error,
});

const ofCheckpoint = (checkpoint: CheckpointRecord): GraphNode => ({
  id: `${checkpoint.flow_id}:${checkpoint.node_id}`,
  source: checkpoint.parent_id === null ? checkpoint.flow_id : `${checkpoint.flow_id}:${checkpoint.parent_id}`,
  title: checkpoint.checkpoint,
  status: checkpoint.status,
  durationMs: checkpoint.duration_ms,
  startedTs: checkpoint.started_ts,
  error: checkpoint.error,
});

const WELL = ['ok', 'running'];

/**
 * Flows as Grafana's node graph takes them: each flow and each checkpoint is a node, with an edge from what it belongs to.
 *
 * @see https://grafana.com/docs/grafana/latest/panels-visualizations/visualizations/node-graph/#data-api
 */
export function nodeGraphFrames(views: readonly FlowView[]): { frames: DataFrame[]; notices: Notice[] } {
  const all = views.flatMap(({ flow, checkpoints }) => [ofFlow(flow), ...checkpoints.map(ofCheckpoint)]);
  const nodes = all.slice(0, MAX_NODES);
  const shown = new Set(nodes.map(({ id }) => id));
  const edges = nodes.filter(({ source }) => source !== null && shown.has(source));
  const field = <Row>(
    rows: readonly Row[],
    name: string,
    type: string,
    value: (row: Row) => unknown,
    config: FieldConfig = {},
  ): Field => ({ name, type: type as FieldType, config, values: rows.map(value) });
  const isFailed = ({ status }: GraphNode): boolean => !WELL.includes(status);
  const meta = { preferredVisualisationType: 'nodeGraph' } as const;
  const notices: Notice[] =
    nodes.length < all.length
      ? [
          {
            severity: 'warning',
            text: t('queries.notices.nodes-left-out', { shown: nodes.length, all: all.length }),
          },
        ]
      : [];
  return {
    notices,
    frames: [
      {
        name: 'nodes',
        length: nodes.length,
        meta,
        fields: [
          field(nodes, 'id', 'string', ({ id }) => id),
          field(nodes, 'title', 'string', ({ title }) => title),
          field(nodes, 'subtitle', 'string', (node) => t(`status.${node.status as FlowRecord['status']}`)),
          field(nodes, 'mainstat', 'number', ({ durationMs }) => durationMs, {
            unit: 'ms',
            displayNameFromDS: t('queries.columns.duration'),
          }),
          field(nodes, 'arc__ok', 'number', (node) => Number(!isFailed(node)), {
            color: { mode: 'fixed', fixedColor: 'green' },
            displayNameFromDS: t('status.ok'),
          }),
          field(nodes, 'arc__failed', 'number', (node) => Number(isFailed(node)), {
            color: { mode: 'fixed', fixedColor: 'red' },
            displayNameFromDS: t('status.error'),
          }),
          field(nodes, 'detail__started', 'time', ({ startedTs }) => startedTs, {
            displayNameFromDS: t('queries.columns.started'),
          }),
          field(nodes, 'detail__error', 'string', ({ error }) => error?.message ?? '', {
            displayNameFromDS: t('queries.columns.error'),
          }),
        ],
      },
      {
        name: 'edges',
        length: edges.length,
        meta,
        fields: [
          field(edges, 'id', 'string', ({ id }) => `to ${id}`),
          field(edges, 'source', 'string', ({ source }) => source),
          field(edges, 'target', 'string', ({ id }) => id),
        ],
      },
    ],
  };
}
