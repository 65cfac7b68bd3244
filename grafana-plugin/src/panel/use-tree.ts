import { useMemo, useRef } from 'react';
import type { PanelFlow, PanelNode } from '../frames/panel-flow';
import { buildTree, type Tree } from '@flow-tracking/protocol/model';
import { layoutTree, type Layout, type Place } from './layout';

/** Tree and places of a flow; places stay from one update of a flow to the next. */
export function useTree(flow: PanelFlow): { tree: Tree<PanelNode>; layout: Layout } {
  const before = useRef<{ flowId: string; places: ReadonlyMap<string, Place> } | null>(null);
  return useMemo(() => {
    const tree = buildTree(flow.nodes.list);
    const kept = before.current?.flowId === flow.id ? before.current.places : undefined;
    const layout = layoutTree(
      tree,
      flow.nodes.list.map((node) => node.id),
      kept,
    );
    before.current = { flowId: flow.id, places: layout.places };
    return { tree, layout };
  }, [flow]);
}
