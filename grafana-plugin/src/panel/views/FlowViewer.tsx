import React, { type ReactNode } from 'react';
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

interface Props extends ViewProps {
  view: FlowView;
  /** Stands in the place of the view while there is something. */
  instead?: ReactNode;
}

/** A flow in the view that was chosen. */
export function FlowViewer({ view, instead = false, ...props }: Props) {
  if (instead !== false && instead !== null) return <>{instead}</>;
  const View = VIEWS[view];
  return <View {...props} />;
}
