import React from 'react';
import { TimelineView } from '../components/TimelineView';
import { TreeView } from '../components/TreeView';
import type { FlowView } from '../options';
import type { ViewProps } from './view-props';

/** A flow in the view that was chosen. */
export function FlowViewer({ view, ...props }: ViewProps & { view: FlowView }) {
  const { flow, selectedId, following, onSelect, onAct } = props;
  return view === 'tree' ? (
    <TreeView flow={flow} selectedId={selectedId} following={following} onSelect={onSelect} onUserScroll={onAct} />
  ) : (
    <TimelineView flow={flow} selectedId={selectedId} onSelect={onSelect} />
  );
}
