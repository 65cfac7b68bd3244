import React from 'react';
import type { FlowView } from '../options';
import { OutlineView } from './outline/OutlineView';
import { TimelineView } from './timeline/TimelineView';
import { TreeView } from './tree/TreeView';
import type { ViewProps } from './view-props';

const VIEWS: Readonly<Record<FlowView, React.ComponentType<ViewProps>>> = {
  tree: TreeView,
  timeline: TimelineView,
  outline: OutlineView,
};

/** A flow in the view that was chosen. */
export function FlowViewer({ view, ...props }: ViewProps & { view: FlowView }) {
  const View = VIEWS[view];
  return <View {...props} />;
}
