import type { FlowRecord } from '@flow-tracking/protocol';
import type { DataFrame } from '@grafana/data';
import { t } from '../../../texts/t';
import { FLOW_FIELDS } from '../../../frames/fields';
import { idColumn } from '../id-column';
import type { CellLinks } from '../links';
import { statusConfig, tableFrame, VERBATIM } from '../table';

/** A row a flow, newest first; fields as those of the flows frame. */
export function flowListFrame(flows: readonly FlowRecord[], links: CellLinks): DataFrame {
  return tableFrame<FlowRecord>(
    'flow-list',
    [
      {
        name: FLOW_FIELDS.startedTs,
        type: 'time',
        title: t('queries.columns.started'),
        value: (flow) => flow.started_ts,
      },
      { name: FLOW_FIELDS.name, type: 'string', title: t('queries.columns.name'), value: (flow) => flow.name },
      {
        name: FLOW_FIELDS.status,
        type: 'string',
        title: t('queries.columns.status'),
        config: statusConfig(),
        value: (flow) => flow.status,
      },
      {
        name: FLOW_FIELDS.durationMs,
        type: 'number',
        unit: 'ms',
        title: t('queries.columns.duration'),
        value: (flow) => flow.duration_ms,
      },
      idColumn('user', links, (flow) => flow.user_id),
      idColumn('session', links, (flow) => flow.session_id),
      idColumn('flow', links, (flow) => flow.flow_id),
      { name: FLOW_FIELDS.service, type: 'string', title: t('queries.columns.service'), value: (flow) => flow.service },
      {
        name: FLOW_FIELDS.checkpointCount,
        type: 'number',
        title: t('queries.columns.checkpoints'),
        value: (flow) => flow.checkpoint_count,
      },
      {
        name: FLOW_FIELDS.errorCount,
        type: 'number',
        title: t('queries.columns.errors'),
        value: (flow) => flow.error_count,
      },
      {
        name: FLOW_FIELDS.errorMessage,
        type: 'string',
        title: t('queries.columns.error'),
        value: (flow) => flow.error?.message ?? null,
      },
      {
        name: FLOW_FIELDS.httpStatus,
        type: 'number',
        title: t('queries.columns.http-status'),
        config: { decimals: 0 },
        value: (flow) => flow.http_status,
      },
      {
        name: 'input_tokens',
        type: 'number',
        unit: 'short',
        title: t('queries.figures.input_tokens'),
        value: (flow) => flow.input_tokens,
      },
      {
        name: 'output_tokens',
        type: 'number',
        unit: 'short',
        title: t('queries.figures.output_tokens'),
        value: (flow) => flow.output_tokens,
      },
      {
        name: FLOW_FIELDS.traceId,
        type: 'string',
        unit: VERBATIM,
        title: t('queries.columns.trace'),
        value: (flow) => flow.trace_id,
      },
    ],
    flows,
  );
}
