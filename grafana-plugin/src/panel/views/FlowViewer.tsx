import React, { useRef, type ReactNode, type RefObject } from 'react';
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

interface Props extends Omit<ViewProps, 'takesFocus'> {
  view: FlowView;
  /** Holds this view, and no other one. */
  holder: RefObject<HTMLElement | null>;
  /** The flow as it was, which has nodes of its own. */
  isReplay: boolean;
  /** Stands in the place of the view while there is something. */
  instead?: ReactNode;
}

/** A flow in the view that was chosen: a view of its own for each flow, which takes over the focus from the one before. */
export function FlowViewer({ view, holder, isReplay, instead = false, ...props }: Props) {
  const View = VIEWS[view];
  const key = `${view} ${isReplay ? 'replay' : ''} ${props.flow.id}`;
  const shown = useRef({ key, takesFocus: false });
  if (shown.current.key !== key) {
    const hadFocus = holder.current?.querySelector('[data-testid="flow-tree"]')?.contains(document.activeElement);
    shown.current = { key, takesFocus: hadFocus === true };
  }
  if (instead !== false && instead !== null) return <>{instead}</>;
  return <View key={key} {...props} takesFocus={shown.current.takesFocus} />;
}
