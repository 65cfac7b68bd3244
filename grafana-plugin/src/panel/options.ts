export type FlowView = 'tree' | 'timeline';

/** What a dashboard sets of the panel. */
export interface FlowTreeOptions {
  /** The view it opens with. @default 'tree' */
  view: FlowView;
}
