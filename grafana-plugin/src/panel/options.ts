export const FLOW_VIEWS = ['tree', 'timeline', 'outline'] as const;

/** How a flow is drawn. */
export type FlowView = (typeof FLOW_VIEWS)[number];

/** Where in the tree that stands which follows: what belongs to a node stands across. */
export const TREE_DIRECTIONS = ['right', 'down'] as const;

export type TreeDirection = (typeof TREE_DIRECTIONS)[number];

export const RAIL_MODES = ['auto', 'always', 'never'] as const;

/** Whether the list of flows stands beside the flow: with `auto` where there is room. */
export type RailMode = (typeof RAIL_MODES)[number];

/** What a dashboard sets of the panel. */
export interface FlowTreeOptions {
  /** The view it opens with. @default 'tree' */
  view: FlowView;
  /** Many equal siblings are drawn as one until they are opened. @default true */
  foldSiblings: boolean;
  /** @default 'right' */
  direction: TreeDirection;
  /** Whether it moves on to new flows until somebody acts; else it stays with the flow that it opened with. @default true */
  follow: boolean;
  /** @default 'auto' */
  rail: RailMode;
  /** Whether the tree has a map of all of it, where there is room. @default true */
  minimap: boolean;
}

export const DEFAULT_OPTIONS: FlowTreeOptions = {
  view: 'tree',
  foldSiblings: true,
  direction: 'right',
  follow: true,
  rail: 'auto',
  minimap: true,
};
