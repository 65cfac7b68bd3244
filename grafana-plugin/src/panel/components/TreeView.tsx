import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { nodeAtKey } from '../keyboard';
import { cardPosition, layoutSize } from '../layout';
import { latestNode } from '../latest-node';
import { useScrollIntoView } from '../use-scroll-into-view';
import { useTree } from '../use-tree';
import { useViewport } from '../use-viewport';
import { visibleEdges, visibleNodes } from '../visible';
import { NodeCard } from './NodeCard';
import { TreeEdges } from './TreeEdges';

interface Props {
  flow: PanelFlow;
  selectedId: string | null;
  following: boolean;
  onSelect: (id: string) => void;
  /** The person moved the view. */
  onUserScroll: () => void;
}

/** The flow as a tree that grows to the right and down. */
export function TreeView({ flow, selectedId, following, onSelect, onUserScroll }: Props) {
  const styles = useStyles2(getStyles);
  const scroller = useRef<HTMLDivElement>(null);
  const { tree, layout } = useTree(flow);
  const viewport = useViewport(scroller);
  // A flow that was opened while it ran is followed to its end; a finished one is read from its beginning.
  const [grows] = useState(flow.status === 'running');
  // The latest node while following; after that the selected one, which the details may have covered.
  const watchedId = following && grows ? latestNode(flow) : selectedId;
  const watchedPlace = watchedId === null ? undefined : layout.places.get(watchedId);
  const watched = watchedId === null ? null : `${following ? 'latest' : 'selected'} ${watchedId}`;
  const scrollTo = useScrollIntoView(scroller, watched, watchedPlace);
  const [focusedId, setFocusedId] = useState<string | null>(null);

  const nodes = useMemo(() => visibleNodes(layout, viewport), [layout, viewport]);
  const edges = useMemo(() => visibleEdges(layout, viewport), [layout, viewport]);
  const entryId = focusedId !== null && tree.nodes.has(focusedId) ? focusedId : (tree.roots[0] ?? null);
  const size = layoutSize(layout);
  const onFocus = useCallback((id: string) => setFocusedId(id), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = entryId === null ? null : nodeAtKey(tree, entryId, event.key);
    if (next === null) return;
    event.preventDefault();
    onUserScroll();
    setFocusedId(next);
    const place = layout.places.get(next);
    if (place !== undefined) scrollTo(place, `[data-node-id="${CSS.escape(next)}"]`);
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="tree"
      aria-label={`Checkpoints of ${flow.name || 'the flow'}`}
      data-testid="flow-tree"
      onKeyDown={onKeyDown}
      onWheel={onUserScroll}
      onPointerDown={(event) => {
        // On the empty space or the scrollbar, that is: a click on a card moves nothing.
        if (event.target === event.currentTarget) onUserScroll();
      }}
    >
      <div className={styles.canvas} style={size} role="presentation">
        <TreeEdges tree={tree} layout={layout} edges={edges} />
        {nodes.map((id) => {
          const treeNode = tree.nodes.get(id);
          const place = layout.places.get(id);
          if (treeNode === undefined || place === undefined) return null;
          return (
            <NodeCard
              key={id}
              node={treeNode.item}
              {...cardPosition(place)}
              level={treeNode.depth + 1}
              broken={treeNode.broken}
              selected={id === selectedId}
              focusable={id === entryId}
              onSelect={onSelect}
              onFocus={onFocus}
            />
          );
        })}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroller: css({ flex: 1, minHeight: 0, minWidth: 0, overflow: 'auto', background: theme.colors.background.primary }),
  canvas: css({ position: 'relative' }),
});
