import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { PanelNode } from '../../frames/panel-flow';
import { checkpointColor } from '../colors';
import { detailLine, errorLine } from '../detail-line';
import { flowStatusText } from '../format';
import { StatusIcon } from './StatusIcon';

interface Props {
  node: PanelNode;
  depth: number;
  top: number;
  height: number;
  fromPercent: number;
  toPercent: number;
  durationText: string;
  selected: boolean;
  onSelect: (id: string) => void;
}

/** A deep tree must not push its names out of sight. */
const MAX_INDENT = 8;
/** Beyond this, the duration stands left of the end of the bar's track rather than beside the bar. */
const INSIDE_PERCENT = 98;

export function TimelineRow(props: Props) {
  const { node, depth, top, height, fromPercent, toPercent, durationText, selected, onSelect } = props;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const color = checkpointColor(theme, node.checkpoint);
  const running = node.status === 'running';
  const error = errorLine(node);
  return (
    <button
      type="button"
      role="treeitem"
      className={styles.row}
      style={{ top, height }}
      aria-level={depth + 1}
      aria-selected={selected}
      aria-label={[node.checkpoint, flowStatusText(node.status), durationText, error].filter(Boolean).join(', ')}
      data-testid="flow-node"
      data-checkpoint={node.checkpoint}
      data-status={node.status}
      data-node-id={node.id}
      onClick={() => onSelect(node.id)}
    >
      <span className={styles.names} style={{ paddingLeft: 8 + Math.min(depth, MAX_INDENT) * 14 }}>
        <span className={styles.mark} style={{ background: color }} />
        <StatusIcon status={node.status} color={color} />
        <span className={styles.name}>{node.checkpoint}</span>
        <span className={styles.detail}>{detailLine(node)}</span>
      </span>
      <span className={styles.track}>
        <span
          className={styles.bar}
          data-running={running}
          style={{
            left: `${fromPercent}%`,
            width: `max(3px, ${toPercent - fromPercent}%)`,
            background: node.status === 'error' ? theme.colors.error.main : color,
          }}
        />
        <span className={styles.duration} style={{ left: `${Math.min(toPercent, INSIDE_PERCENT + 2)}%` }}>
          {durationText}
          {error !== '' && <span className={styles.error}> {error}</span>}
        </span>
      </span>
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    position: 'absolute',
    left: 0,
    right: 0,
    display: 'flex',
    alignItems: 'center',
    padding: 0,
    textAlign: 'left',
    color: theme.colors.text.primary,
    background: 'transparent',
    border: 'none',
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '&:hover': { background: theme.colors.action.hover },
    "&[aria-selected='true']": { background: theme.colors.action.selected },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  names: css({
    display: 'flex',
    alignItems: 'center',
    gap: 6,
    width: '30%',
    maxWidth: 230,
    flex: 'none',
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    fontSize: 12.5,
  }),
  mark: css({ width: 3, height: 14, borderRadius: theme.shape.radius.default, flex: 'none' }),
  name: css({ flex: 'none' }),
  detail: css({ fontSize: 11, color: theme.colors.text.secondary, overflow: 'hidden', textOverflow: 'ellipsis' }),
  track: css({ position: 'relative', flex: 1, height: '100%', marginRight: 64 }),
  bar: css({
    position: 'absolute',
    top: 7,
    height: 12,
    borderRadius: 2,
    "&[data-running='true']": { maskImage: 'linear-gradient(90deg, #000 85%, transparent)' },
  }),
  duration: css({
    position: 'absolute',
    top: 4,
    paddingLeft: 8,
    whiteSpace: 'nowrap',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11,
    color: theme.colors.text.secondary,
  }),
  error: css({ color: theme.colors.error.text, fontFamily: theme.typography.fontFamily }),
});
