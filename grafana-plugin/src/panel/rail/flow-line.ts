import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { detailLine, errorLine } from '../detail-line';
import { flowStatusText } from '../format';

/** The checkpoint that began to run last. */
function runningNode({ nodes }: Pick<PanelFlow, 'nodes'>): PanelNode | undefined {
  return nodes.list.findLast((node) => node.status === 'running');
}

/** What a flow is doing, or how it ended, after its status; empty when there is nothing to say. */
function restOf(flow: PanelFlow): string {
  if (flow.status === 'running') {
    const node = runningNode(flow);
    return node === undefined ? '' : [node.checkpoint, detailLine(node)].filter(Boolean).join(' ');
  }
  if (flow.status === 'error') return errorLine(flow);
  return t('common.checkpoints', { count: flow.checkpointCount });
}

/** Who is named in each row: only what tells the flows apart. */
export interface Distinctions {
  readonly users: boolean;
  readonly services: boolean;
}

export function distinctionsOf(flows: readonly PanelFlow[]): Distinctions {
  const [first] = flows;
  return {
    users: flows.some((flow) => flow.userId !== first?.userId),
    services: flows.some((flow) => flow.service !== first?.service),
  };
}

/** The second line of a flow in the rail, whose end may have no room: `running · user 123 · tool_call refund · chat`. */
export function flowLine(flow: PanelFlow, { users, services }: Distinctions): string {
  const parts = [flowStatusText(flow.status)];
  if (users) parts.push(flow.userId === null ? t('rail.no-user') : t('common.user', { id: flow.userId }));
  parts.push(restOf(flow));
  if (services) parts.push(flow.service);
  return parts.filter((part) => part !== '').join(' · ');
}
