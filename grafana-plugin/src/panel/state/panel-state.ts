import type { CollapseRule } from '../layout/collapse';
import { NO_FILTERS, type NodeFilters } from '../layout/query';
import type { FlowView, TreeDirection } from '../options';

export type StatusFilter = 'all' | 'running' | 'failed';

/** All that a person does with the panel, but for the window of a view, which the view owns. */
export interface PanelState {
  /** The flow that was picked, whether it is in the data or not; null while the newest is followed. */
  readonly flowId: string | null;
  /** The selected node of that flow. Node ids are only unique within one, so there is none while it follows. */
  readonly nodeId: string | null;
  /** The flow that the picked one is compared with; null while it stands alone. */
  readonly compareId: string | null;
  /** Null for the one that the dashboard opens with. */
  readonly view: FlowView | null;
  /** By flow, the nodes whose children are not shown. */
  readonly collapsed: ReadonlyMap<string, ReadonlySet<string>>;
  /** By flow, the keys of the groups of equal siblings that were opened. */
  readonly opened: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether equal siblings fold; null for what the dashboard says, as in what follows. */
  readonly folding: boolean | null;
  readonly direction: TreeDirection | null;
  /** By flow, the rule that collapsed its nodes, until a person changes some by hand. */
  readonly collapseRules: ReadonlyMap<string, CollapseRule>;
  /** Words that nodes are looked for by; empty for none. */
  readonly search: string;
  /** Of the nodes of a flow, beside the search. */
  readonly nodeFilters: NodeFilters;
  /** Of the flows in the rail. */
  readonly filter: StatusFilter;
  /** How often a node was selected, the same one too: views go there each time. */
  readonly selections: number;
}

/** What a person did. Where a flow is named, it is the one that they saw. */
export type PanelAction =
  | { readonly type: 'pick'; readonly flowId: string }
  | { readonly type: 'select'; readonly flowId: string; readonly nodeId: string | null }
  | { readonly type: 'toggle'; readonly flowId: string; readonly nodeId: string }
  /** Several at once: by a rule, or opened down to a node. */
  | {
      readonly type: 'collapse';
      readonly flowId: string;
      readonly nodeIds: ReadonlySet<string>;
      readonly rule?: CollapseRule;
    }
  /** Nodes that came later are collapsed by the rule, too: nobody did anything. */
  | { readonly type: 'recollapse'; readonly flowId: string; readonly nodeIds: ReadonlySet<string> }
  /** Opens a group of equal siblings, or closes it. */
  | { readonly type: 'fold'; readonly flowId: string; readonly key: string }
  /** Groups open since a node within them is shown. */
  | { readonly type: 'unfold'; readonly flowId: string; readonly keys: readonly string[] }
  | { readonly type: 'folding'; readonly on: boolean }
  | { readonly type: 'direction'; readonly direction: TreeDirection }
  /** Scrolled, zoomed, or asked to stay. */
  | { readonly type: 'stay'; readonly flowId: string }
  | { readonly type: 'follow' }
  /** Null ends the comparison. */
  | { readonly type: 'compare'; readonly flowId: string; readonly otherId: string | null }
  | { readonly type: 'view'; readonly view: FlowView }
  | { readonly type: 'search'; readonly text: string }
  | { readonly type: 'filterNodes'; readonly filters: NodeFilters }
  /** The page's address was changed by a link, or by the browser's back and forward. */
  | { readonly type: 'link'; readonly link: Link }
  | { readonly type: 'filter'; readonly status: StatusFilter };

/** What a link says. */
export type Link = Pick<PanelState, 'flowId' | 'nodeId' | 'view'> & Partial<Pick<PanelState, 'compareId'>>;

const NOTHING: ReadonlySet<string> = new Set();

export function initialState(link: Link): PanelState {
  return {
    compareId: null,
    ...link,
    collapsed: new Map(),
    opened: new Map(),
    folding: null,
    direction: null,
    collapseRules: new Map(),
    search: '',
    nodeFilters: NO_FILTERS,
    filter: 'all',
    selections: 0,
  };
}

/** It shows the newest flow, and moves on to the next. */
export function isFollowing(state: PanelState): boolean {
  return state.flowId === null;
}

export function collapsedOf(state: PanelState, flowId: string): ReadonlySet<string> {
  return state.collapsed.get(flowId) ?? NOTHING;
}

export function openedOf(state: PanelState, flowId: string): ReadonlySet<string> {
  return state.opened.get(flowId) ?? NOTHING;
}

/** Shows this flow from now on; the selection stays when it is of that flow. */
function showing(state: PanelState, flowId: string): PanelState {
  return state.flowId === flowId ? state : { ...state, flowId, nodeId: null };
}

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const items = new Set(set);
  if (!items.delete(item)) items.add(item);
  return items;
}

function withCollapsed(state: PanelState, flowId: string, nodes: ReadonlySet<string>): PanelState {
  const collapsed = new Map(state.collapsed);
  if (nodes.size === 0) collapsed.delete(flowId);
  else collapsed.set(flowId, nodes);
  return { ...state, collapsed };
}

/** The flow with these nodes collapsed, and shown from now on. */
function collapsing(state: PanelState, flowId: string, nodes: ReadonlySet<string>, rule?: CollapseRule): PanelState {
  const collapseRules = new Map(state.collapseRules);
  if (rule === undefined) collapseRules.delete(flowId);
  else collapseRules.set(flowId, rule);
  return { ...withCollapsed(showing(state, flowId), flowId, nodes), collapseRules };
}

function opening(state: PanelState, flowId: string, keys: ReadonlySet<string>): PanelState {
  return { ...state, opened: new Map(state.opened).set(flowId, keys) };
}

/** Whatever a person does with the flow that is shown ends following; only `follow` brings it back. */
export function reducePanel(state: PanelState, action: PanelAction): PanelState {
  switch (action.type) {
    case 'pick':
    case 'stay':
      return showing(state, action.flowId);
    case 'select':
      return { ...showing(state, action.flowId), nodeId: action.nodeId, selections: state.selections + 1 };
    case 'toggle':
      return collapsing(state, action.flowId, toggled(collapsedOf(state, action.flowId), action.nodeId));
    case 'collapse':
      return collapsing(state, action.flowId, action.nodeIds, action.rule);
    case 'recollapse':
      return withCollapsed(state, action.flowId, action.nodeIds);
    case 'fold':
      return opening(showing(state, action.flowId), action.flowId, toggled(openedOf(state, action.flowId), action.key));
    case 'unfold':
      return opening(state, action.flowId, new Set([...openedOf(state, action.flowId), ...action.keys]));
    case 'folding':
      return { ...state, folding: action.on };
    case 'direction':
      return { ...state, direction: action.direction };
    case 'follow':
      return { ...state, flowId: null, nodeId: null, compareId: null };
    case 'compare':
      return { ...showing(state, action.flowId), compareId: action.otherId };
    case 'view':
      return { ...state, view: action.view };
    case 'search':
      return { ...state, search: action.text };
    case 'filterNodes':
      return { ...state, nodeFilters: action.filters };
    case 'link':
      return { ...state, ...action.link, selections: state.selections + 1 };
    case 'filter':
      return { ...state, filter: action.status };
  }
}
