import { useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { PanelNode } from '../../frames/panel-flow';
import type { Tree } from '@flow-tracking/protocol/model';
import { checkpointColor } from '../colors';
import { edgePath, type Edge, type Layout } from '../layout';

interface Props {
  tree: Tree<PanelNode>;
  layout: Layout;
  edges: readonly Edge[];
}

/** The lines between the cards; dashed and in colour where they lead to what runs. */
export const TreeEdges = memo(function TreeEdges({ tree, layout, edges }: Props) {
  const theme = useTheme2();
  return (
    // One pixel with what overflows it: a drawing of the tree's full size could be millions of pixels high.
    <svg width="1" height="1" style={{ position: 'absolute', left: 0, top: 0, overflow: 'visible' }} aria-hidden="true">
      {edges.map((edge) => {
        const from = layout.places.get(edge.from);
        const to = layout.places.get(edge.to);
        const node = tree.nodes.get(edge.to)?.item;
        if (from === undefined || to === undefined || node === undefined) return null;
        const running = node.status === 'running';
        return (
          <path
            key={edge.to}
            d={edgePath(from, to)}
            fill="none"
            stroke={running ? checkpointColor(theme, node.checkpoint) : theme.colors.border.strong}
            strokeWidth={running ? 1.8 : 1.3}
            strokeDasharray={running ? '5 4' : undefined}
          />
        );
      })}
    </svg>
  );
});
