import { css, keyframes } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { PanelNode } from '../../frames/panel-flow';
import type { BrokenParent } from '@flow-tracking/protocol/model';
import { checkpointColor } from '../colors';
import { detailLine, errorLine } from '../detail-line';
import { flowStatusText, formatDuration } from '../format';
import { CARD } from '../layout';
import { Elapsed } from './Elapsed';
import { StatusIcon } from './StatusIcon';

interface Props {
  node: PanelNode;
  x: number;
  y: number;
  level: number;
  broken: BrokenParent | null;
  selected: boolean;
  /** The arrow keys start here. */
  focusable: boolean;
  onSelect: (id: string) => void;
  onFocus: (id: string) => void;
}

const BROKEN_TEXT: Record<BrokenParent, string> = {
  missing_parent: 'its parent is missing',
  self_parent: 'it names itself as its parent',
  cycle: 'its parents form a circle',
};

/** For those who hear it: name, status, duration, and what is wrong. */
function label(node: PanelNode, broken: BrokenParent | null): string {
  const parts = [node.checkpoint, detailLine(node), flowStatusText(node.status)];
  if (node.durationMs !== null) parts.push(formatDuration(node.durationMs));
  parts.push(errorLine(node));
  if (broken !== null) parts.push(BROKEN_TEXT[broken]);
  return parts.filter((part) => part !== '').join(', ');
}

/** One node of the tree. */
export const NodeCard = memo(function NodeCard(props: Props) {
  const { node, x, y, level, broken, selected, focusable, onSelect, onFocus } = props;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const color = checkpointColor(theme, node.checkpoint);
  const error = errorLine(node);
  const running = node.status === 'running';
  return (
    <button
      type="button"
      role="treeitem"
      className={styles.card}
      style={{ left: x, top: y, borderColor: selected ? theme.colors.primary.border : running ? color : undefined }}
      aria-label={label(node, broken)}
      aria-level={level}
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
      data-testid="flow-node"
      data-checkpoint={node.checkpoint}
      data-status={node.status}
      data-node-id={node.id}
      onClick={() => onSelect(node.id)}
      onFocus={() => onFocus(node.id)}
    >
      <span className={styles.bar} style={{ background: color }} />
      <StatusIcon status={node.status} color={color} />
      <span className={styles.lines}>
        <span className={styles.line}>
          <span className={styles.name}>{node.checkpoint}</span>
          <span className={styles.duration}>
            {node.status === 'lost' || (node.durationMs === null && !running) ? (
              '–'
            ) : (
              <Elapsed startedTs={node.startedTs} durationMs={running ? null : node.durationMs} />
            )}
          </span>
        </span>
        <span className={styles.line}>
          <span className={styles.detail}>{broken === null ? detailLine(node) : BROKEN_TEXT[broken]}</span>
          {error !== '' && <span className={styles.error}>{error}</span>}
        </span>
      </span>
    </button>
  );
});

const appear = keyframes({ from: { opacity: 0 }, to: { opacity: 1 } });

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    position: 'absolute',
    display: 'flex',
    alignItems: 'center',
    gap: 8,
    width: CARD.width,
    height: CARD.height,
    padding: '0 9px 0 10px',
    textAlign: 'left',
    color: theme.colors.text.primary,
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    overflow: 'hidden',
    "&[data-status='running'], &[aria-selected='true']": { borderWidth: 1.5 },
    '&:hover': { background: theme.colors.emphasize(theme.colors.background.secondary, 0.03) },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
    [theme.transitions.handleMotion('no-preference')]: {
      animation: `${appear} 180ms ease-out`,
      transition: 'border-color 200ms ease-out',
    },
  }),
  bar: css({ position: 'absolute', left: 0, top: 0, bottom: 0, width: 3 }),
  lines: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0, lineHeight: 1.3 }),
  line: css({ display: 'flex', justifyContent: 'space-between', gap: 6, minHeight: 15, alignItems: 'baseline' }),
  name: css({
    fontSize: 12.5,
    fontWeight: theme.typography.fontWeightMedium,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  duration: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
    whiteSpace: 'nowrap',
    flex: 'none',
  }),
  detail: css({
    fontSize: 11,
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  error: css({
    fontSize: 10.5,
    color: theme.colors.error.text,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    maxWidth: '70%',
  }),
});
