export const FLOW_VIEWS = ['tree', 'timeline', 'outline'] as const;

/** How a flow is drawn. */
export type FlowView = (typeof FLOW_VIEWS)[number];

export const FLOW_VIEW_NAMES: Readonly<Record<FlowView, string>> = {
  tree: 'Tree',
  timeline: 'Timeline',
  outline: 'Outline',
};

/** What a dashboard sets of the panel. */
export interface FlowTreeOptions {
  /** The view it opens with. @default 'tree' */
  view: FlowView;
}
