import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { BrokenParent } from '@flow-tracking/protocol/model';
import type { PanelNode } from '../../../frames/panel-flow';
import { useLooks } from '../../components/looks-context';
import { useFigures } from '../../components/figures-context';
import { useSlowMark } from '../../components/use-slow-mark';
import { groupLabel } from '../../group-text';
import { isDimmedAt } from '../../layout/dimmed';
import { groupStatus, type GroupSummary } from '../../layout/fold-group';
import type { Matches } from '../../layout/matches';
import type { TreeLayout } from '../../layout/tree-layout';
import { CARD } from '../../layout/tree-sizes';
import { slowText } from '../../slow-text';
import { nodeLabel } from './node-label';

interface Props {
  readonly layout: TreeLayout;
  readonly matches: Matches;
  /** From the top down. */
  readonly indices: readonly number[];
  /** Where the mirror's own origin is in the drawing, px at 100 %: near its elements, so that their places stay small. */
  readonly originX: number;
  readonly originY: number;
  readonly selectedId: string | null;
  readonly collapsed: ReadonlySet<string>;
  /** The one tab stop. */
  readonly focused: number;
  readonly onFocus: (index: number) => void;
}

/** Elements that lie transparent over the cards of the canvas, for who reads, clicks or tests without looking. */
export function TreeMirror(props: Props) {
  const { layout, indices, originX, originY, selectedId, collapsed, focused, onFocus, matches } = props;
  const { forest } = layout;
  return indices.map((index) => {
    const node = forest.nodes.list[index];
    if (node === undefined || !layout.isPlaced(index)) return null;
    return (
      <MirroredNode
        key={node.id}
        index={index}
        node={node}
        x={(layout.x[index] ?? 0) - originX}
        y={(layout.y[index] ?? 0) - originY}
        level={layout.depthOf(index) + 1}
        broken={forest.brokenOf(index)}
        group={layout.folds.closedAt(index)?.summary() ?? null}
        expanded={
          layout.folds.closedAt(index) !== null
            ? false
            : forest.childCountOf(index) === 0
              ? undefined
              : !collapsed.has(node.id)
        }
        selected={node.id === selectedId}
        match={matches.isActive ? !isDimmedAt(layout.folds, matches, index) : undefined}
        focusable={index === focused}
        onFocus={onFocus}
      />
    );
  });
}

interface NodeProps {
  index: number;
  node: PanelNode;
  x: number;
  y: number;
  level: number;
  broken: BrokenParent | null;
  group: GroupSummary | null;
  expanded: boolean | undefined;
  selected: boolean;
  /** Whether it is what is looked for; undefined while nothing is. */
  match: boolean | undefined;
  focusable: boolean;
  onFocus: (index: number) => void;
}

const MirroredNode = memo(function MirroredNode(props: NodeProps) {
  const { index, node, x, y, level, broken, group, expanded, selected, match, focusable, onFocus } = props;
  const styles = useStyles2(getStyles);
  const looks = useLooks();
  const mark = useSlowMark(node);
  const { currency } = useFigures();
  return (
    <div
      role="treeitem"
      className={styles.node}
      style={{ left: x, top: y }}
      aria-label={group === null ? nodeLabel(node, broken, looks, { mark, currency }) : groupLabel(group, looks)}
      aria-level={level}
      aria-expanded={expanded}
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
      data-testid="flow-node"
      data-node-id={node.id}
      data-checkpoint={node.checkpoint}
      data-status={group === null ? node.status : groupStatus(group)}
      data-group={group?.count}
      data-match={match}
      data-slow={mark === null || group !== null ? undefined : slowText(mark, looks.duration)}
      onFocus={() => onFocus(index)}
    />
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  node: css({
    position: 'absolute',
    width: CARD.width,
    height: CARD.height,
    cursor: 'pointer',
    borderRadius: theme.shape.radius.default,
    outline: 'none',
    // What is selected has a blue ring on the card; the focus is another one, around it.
    '&:focus-visible': { outline: `2px solid ${theme.colors.text.primary}`, outlineOffset: 3 },
  }),
});
