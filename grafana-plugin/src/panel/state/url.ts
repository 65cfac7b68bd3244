import { FLOW_VIEWS, type FlowView } from '../options';
import type { Link } from './panel-state';

/** Longer ones are no ids of ours; those of nodes are shorter by far. */
const MAX_ID_LENGTH = 512;

/** Query parameters by their names; null for one that is not to be there. */
export type LinkParameters = Record<string, string | null>;

/** Two panels of one dashboard don't share their parameters. */
function names(panelId: number): Record<'flow' | 'node' | 'view' | 'compare', string> {
  const name = (what: string): string => `fp-${panelId}-${what}`;
  return { flow: name('flow'), node: name('node'), view: name('view'), compare: name('compare') };
}

/** What an address says of this panel; what it can't mean is as if it were not there. */
export function parseLink(query: URLSearchParams, panelId: number): Link {
  const { flow, node, view, compare } = names(panelId);
  const id = (name: string): string | null => {
    const text = query.get(name) ?? '';
    return text === '' || text.length > MAX_ID_LENGTH ? null : text;
  };
  const flowId = id(flow);
  const named = query.get(view);
  return {
    flowId,
    nodeId: flowId === null ? null : id(node),
    compareId: flowId === null ? null : id(compare),
    view: FLOW_VIEWS.find((known): known is FlowView => known === named) ?? null,
  };
}

/** The parameters that say the same; a panel that follows the newest flow names none. */
export function formatLink({ flowId, nodeId, view, compareId = null }: Link, panelId: number): LinkParameters {
  const parameters = names(panelId);
  return {
    [parameters.flow]: flowId,
    [parameters.node]: flowId === null ? null : nodeId,
    [parameters.view]: view,
    [parameters.compare]: flowId === null ? null : compareId,
  };
}

export function isSameLink(a: Link, b: Link): boolean {
  const isSameFlow = a.flowId === b.flowId && a.nodeId === b.nodeId;
  return isSameFlow && a.view === b.view && (a.compareId ?? null) === (b.compareId ?? null);
}
