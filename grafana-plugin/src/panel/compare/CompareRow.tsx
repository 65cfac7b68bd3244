import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { PanelNode } from '../../frames/panel-flow';
import { useLooks } from '../components/looks-context';
import { beginOf, endOf } from '../layout/node-span';
import { RowLabel } from '../views/rows/RowLabel';
import { getRowStyles } from '../views/rows/row-styles';
import { ROW_PX } from '../views/rows/use-row-window';
import type { TimeScale } from '../views/timeline/time-scale';
import type { CompareColumns } from './compare-columns';
import { differenceOf, differenceText, toneOf } from './difference';

interface Props {
  /** One of the two is there. */
  own: PanelNode | undefined;
  other: PanelNode | undefined;
  row: number;
  depth: number;
  isSelected: boolean;
  /** It is the tab stop of the view. */
  isActive: boolean;
  /** It failed only since one of its children did. */
  isPassedOn: boolean;
  /** Epoch ms. */
  ownStartedTs: number;
  otherStartedTs: number;
  scale: TimeScale;
  columns: CompareColumns;
  /** The servers' time, epoch ms; 0 when neither runs. */
  nowTs: number;
}

/** A point in time is shown as wide as this, px. */
const LEAST_PX = 3;

/** One node of two flows: its name, both bars on one axis, and in words how they differ. */
export const CompareRow = memo(function CompareRow(props: Props) {
  const { own, other, row, depth, isSelected, isActive, isPassedOn, scale, columns, nowTs } = props;
  const theme = useTheme2();
  const looks = useLooks();
  const rowStyles = useStyles2(getRowStyles);
  const styles = useStyles2(getStyles);
  const node = own ?? other;
  if (node === undefined) return null;
  const color = looks.color(theme, node.checkpoint);
  const difference = differenceOf(own, other, nowTs);
  const text = differenceText(difference, looks.duration);
  return (
    <div
      role="row"
      className={rowStyles.row}
      style={{ top: row * ROW_PX }}
      tabIndex={isActive ? 0 : -1}
      aria-rowindex={row + 1}
      aria-selected={isSelected}
      data-testid="compare-row"
      data-row={row}
      data-checkpoint={node.checkpoint}
      data-difference={difference.kind}
    >
      <RowLabel
        node={node}
        depth={depth}
        isParent={false}
        isOpen={false}
        group={null}
        foldable={0}
        isPassedOn={isPassedOn}
        widthPx={columns.labelPx}
        color={color}
      />
      <span role="gridcell" className={styles.track} style={{ width: columns.trackPx }} aria-hidden="true">
        {own !== undefined && (
          <Bar node={own} startedTs={props.ownStartedTs} scale={scale} color={color} nowTs={nowTs} isOwn />
        )}
        {other !== undefined && (
          <Bar node={other} startedTs={props.otherStartedTs} scale={scale} color={color} nowTs={nowTs} isOwn={false} />
        )}
      </span>
      <span
        role="gridcell"
        className={styles.difference}
        style={{ width: columns.differencePx }}
        data-tone={toneOf(difference)}
        title={text}
      >
        {text}
      </span>
    </div>
  );
});

interface BarProps {
  node: PanelNode;
  startedTs: number;
  scale: TimeScale;
  color: string;
  nowTs: number;
  isOwn: boolean;
}

function Bar({ node, startedTs, scale, color, nowTs, isOwn }: BarProps) {
  const styles = useStyles2(getStyles);
  const fromPx = Math.max(0, scale.toPx(beginOf(node) - startedTs));
  const toPx = scale.toPx(endOf(node, nowTs) - startedTs);
  return (
    <span
      className={styles.bar}
      data-own={isOwn}
      data-status={node.status}
      style={{
        transform: `translateX(${Math.min(fromPx, scale.trackPx - LEAST_PX)}px)`,
        width: Math.max(LEAST_PX, toPx - fromPx),
        background: color,
      }}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  track: css({ position: 'relative', flex: 'none', height: '100%', overflow: 'hidden' }),
  bar: css({
    position: 'absolute',
    left: 0,
    top: 4,
    height: 8,
    borderRadius: 2,
    "&[data-own='false']": { top: 14, height: 7, opacity: 0.45 },
    "&[data-status='error']": { borderRight: `3px solid ${theme.colors.error.main}` },
    "&[data-status='running']": {
      borderTopRightRadius: 0,
      borderBottomRightRadius: 0,
      maskImage: 'linear-gradient(to right, black calc(100% - min(40px, 60%)), transparent)',
    },
  }),
  difference: css({
    flex: 'none',
    padding: theme.spacing(0, 1),
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    textAlign: 'right',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
    fontVariantNumeric: 'tabular-nums',
    color: theme.colors.text.secondary,
    "&[data-tone='worse']": { color: theme.colors.error.text },
    "&[data-tone='better']": { color: theme.colors.success.text },
    "&[data-tone='shape']": { color: theme.colors.primary.text },
  }),
});
