import type { RunningFlow, RunningFlows } from '@flow-tracking/protocol';
import type { DataFrame } from '@grafana/data';
import { t } from '../../../texts/t';
import { idColumn } from '../id-column';
import type { CellLinks } from '../links';
import { tableFrame } from '../table';
import { modelOf, toolOf } from './waited-for';

const waitedFor = ({ open }: RunningFlow) => open[0];

/** A row a flow that runs, the oldest first. */
export function runningFrame({ now_ts: nowTs, flows }: RunningFlows, links: CellLinks): DataFrame {
  const since = (ts: number | undefined): number | null => (ts === undefined ? null : Math.max(0, nowTs - ts));
  return tableFrame<RunningFlow>(
    'running',
    [
      {
        name: 'started_ts',
        type: 'time',
        title: t('queries.columns.started'),
        value: ({ flow }) => flow.started_ts,
      },
      {
        name: 'running_ms',
        type: 'number',
        unit: 'ms',
        title: t('queries.columns.running-for'),
        value: ({ flow }) => since(flow.started_ts),
      },
      {
        name: 'checkpoint',
        type: 'string',
        title: t('queries.columns.waits-for'),
        value: (row) => waitedFor(row)?.checkpoint ?? null,
      },
      {
        name: 'waiting_ms',
        type: 'number',
        unit: 'ms',
        title: t('queries.columns.waits-since'),
        value: (row) => since(waitedFor(row)?.started_ts),
      },
      {
        name: 'tool',
        type: 'string',
        title: t('queries.columns.tool'),
        value: (row) => toolOf(waitedFor(row)),
      },
      {
        name: 'model',
        type: 'string',
        title: t('queries.columns.model'),
        value: (row) => modelOf(waitedFor(row)),
      },
      { name: 'name', type: 'string', title: t('queries.columns.name'), value: ({ flow }) => flow.name },
      idColumn('user', links, ({ flow }) => flow.user_id),
      { name: 'service', type: 'string', title: t('queries.columns.service'), value: ({ flow }) => flow.service },
      idColumn('session', links, ({ flow }) => flow.session_id),
      idColumn('flow', links, ({ flow }) => flow.flow_id),
      { name: 'open_count', type: 'number', title: t('queries.columns.open'), value: (row) => row.open_count },
      {
        name: 'node_id',
        type: 'number',
        title: t('queries.columns.node'),
        value: (row) => waitedFor(row)?.node_id ?? null,
      },
    ],
    flows,
  );
}
