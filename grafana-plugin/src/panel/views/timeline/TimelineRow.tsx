import { css } from '@emotion/css';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { FlowNodes } from '../../../frames/flow-nodes';
import { useLooks } from '../../components/looks-context';
import type { FoldGroup } from '../../layout/fold-group';
import { RowLabel } from '../rows/RowLabel';
import { rowAttributes, type RowPlace } from '../rows/row-place';
import { getRowStyles } from '../rows/row-styles';
import { ROW_PX } from '../rows/use-row-window';
import { GroupBar } from './GroupBar';
import { TimeBar } from './TimeBar';
import type { TimeScale } from './time-scale';

interface Props extends RowPlace {
  flowStartedTs: number;
  scale: TimeScale;
  labelPx: number;
  /** Indices of the nodes on the critical path. */
  critical: ReadonlySet<number>;
  index: number;
  /** The group that the row stands for. */
  folded: FoldGroup | null;
  nodes: FlowNodes;
}

/** One node: its name, and its bar on the track. Drawn again only when something of it changes. */
export const TimelineRow = memo(function TimelineRow(props: Props) {
  const { flowStartedTs, scale, labelPx, critical, index, folded, nodes, ...place } = props;
  const theme = useTheme2();
  const looks = useLooks();
  const rowStyles = useStyles2(getRowStyles);
  const styles = useStyles2(getStyles);
  const color = looks.color(theme, place.node.checkpoint);
  return (
    <div {...rowAttributes(place, 0, looks)} className={rowStyles.row} style={{ top: place.row * ROW_PX }}>
      <RowLabel {...place} widthPx={labelPx} color={color} />
      <span role="gridcell" className={styles.track} style={{ width: scale.cellPx }}>
        {folded !== null && place.group !== null ? (
          <GroupBar
            folded={folded}
            group={place.group}
            nodes={nodes}
            flowStartedTs={flowStartedTs}
            scale={scale}
            color={color}
            critical={critical}
          />
        ) : (
          <TimeBar
            node={place.node}
            flowStartedTs={flowStartedTs}
            scale={scale}
            color={color}
            isCritical={critical.has(index)}
            isPassedOn={place.isPassedOn}
          />
        )}
      </span>
    </div>
  );
});

const getStyles = () => ({
  track: css({ position: 'relative', flex: 'none', height: '100%', overflow: 'hidden' }),
});
