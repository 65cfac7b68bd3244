export const FLOW_VIEWS = ['tree', 'timeline', 'outline'] as const;

/** How a flow is drawn. */
export type FlowView = (typeof FLOW_VIEWS)[number];

export const FLOW_VIEW_NAMES: Readonly<Record<FlowView, string>> = {
  tree: 'Tree',
  timeline: 'Timeline',
  outline: 'Outline',
};

/** Where in the tree that stands which follows: what belongs to a node stands across. */
export const TREE_DIRECTIONS = ['right', 'down'] as const;

export type TreeDirection = (typeof TREE_DIRECTIONS)[number];

export const TREE_DIRECTION_NAMES: Readonly<Record<TreeDirection, string>> = {
  right: 'Left to right',
  down: 'Top-down',
};

/** What a dashboard sets of the panel. */
export interface FlowTreeOptions {
  /** The view it opens with. @default 'tree' */
  view: FlowView;
  /** Many equal siblings are drawn as one until they are opened. @default true */
  foldSiblings: boolean;
  /** @default 'right' */
  direction: TreeDirection;
}
