import React, { useRef, type ReactNode, type RefObject } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
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
  /** With which flow it is compared; null while it is not. */
  comparedWith: string | null;
  /** Stands in the place of the view while the flow is compared. */
  comparison: (takesFocus: boolean) => ReactNode;
}

/** What one flow or two are drawn in. */
const VIEW = ':is([data-testid="flow-tree"], [data-testid="flow-compare"])';

/** Whether the flow ran when it was opened: then it is followed to its end. A finished one is read from its beginning. */
function useOpenedRunning({ id, status }: PanelFlow): boolean {
  const opened = useRef({ id, running: status === 'running' });
  if (opened.current.id !== id) opened.current = { id, running: status === 'running' };
  return opened.current.running;
}

/**
 * A flow in the view that was chosen, or beside another flow. Each flow has a view of its own, which takes over the focus
 * from the one before.
 */
export function FlowViewer({ view, holder, isReplay, comparedWith, comparison, ...props }: Props) {
  const View = VIEWS[view];
  const key = [comparedWith ?? view, isReplay ? 'replay' : '', props.flow.id].join(' ');
  const shown = useRef({ key, takesFocus: false });
  if (shown.current.key !== key) {
    const hadFocus = holder.current?.querySelector(VIEW)?.contains(document.activeElement);
    shown.current = { key, takesFocus: hadFocus === true };
  }
  const { takesFocus } = shown.current;
  const following = useOpenedRunning(props.flow) && props.following;
  if (comparedWith !== null) return <React.Fragment key={key}>{comparison(takesFocus)}</React.Fragment>;
  return <View key={key} {...props} following={following} takesFocus={takesFocus} />;
}
