import { css } from '@emotion/css';
import { usageOf } from '@flow-tracking/protocol';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { PanelNode } from '../../../frames/panel-flow';
import { t } from '../../../texts/t';
import { useClockOffset } from '../../components/clock-context';
import { useFigures } from '../../components/figures-context';
import { useLooks } from '../../components/looks-context';
import { SlowBadge } from '../../components/SlowBadge';
import { errorLine, passedOnText } from '../../detail-line';
import { flowStatusText, formatCount, percentText } from '../../format';
import { formatCost } from '../../format-usage';
import { slowColor } from '../../slow-color';
import { groupStatusText } from '../../group-text';
import type { GroupSummary } from '../../layout/fold-group';
import { beginOf, endOf } from '../../layout/node-span';
import { useNow } from '../../ticker';
import { useReducedMotion } from '../../use-reduced-motion';
import { RowLabel } from '../rows/RowLabel';
import { rowAttributes, type RowPlace } from '../rows/row-place';
import { getRowStyles } from '../rows/row-styles';
import { ROW_PX } from '../rows/use-row-window';
import type { OutlineColumns } from './outline-columns';

interface Props extends RowPlace {
  flowStartedTs: number;
  /** How long the flow took, or has run, at least 1. */
  flowMs: number;
  columns: OutlineColumns;
}

interface MeasuresProps {
  node: PanelNode;
  flowMs: number;
  columns: OutlineColumns;
  color: string;
}

/** What a group's nodes took: the median and the longest, with the whole bar for the longest and a mark at the median. */
function GroupMeasures({ group, flowMs, columns, color }: Omit<MeasuresProps, 'node'> & { group: GroupSummary }) {
  const styles = useStyles2(getStyles);
  const looks = useLooks();
  const { p50Ms, maxMs } = group;
  const percent = (ms: number | null): string => `${Math.min(1, (ms ?? 0) / flowMs) * 100}%`;
  const longest = maxMs === null ? looks.noDuration : looks.duration(maxMs);
  return (
    <>
      {columns.slow > 0 && <span role="gridcell" className={styles.slow} style={{ width: columns.slow }} />}
      <span role="gridcell" className={styles.duration} style={{ width: columns.duration }} title={t('group.longest')}>
        ≤ {longest}
      </span>
      {columns.share > 0 && (
        <span role="gridcell" className={styles.share} style={{ width: columns.share }}>
          <span className={styles.trough}>
            <span className={styles.part} style={{ width: percent(maxMs), background: color, opacity: 0.45 }} />
            <span className={styles.median} style={{ width: percent(p50Ms), background: color }} />
          </span>
          <span className={styles.typical} title={t('group.median')}>
            {t('group.median-value', { duration: p50Ms === null ? looks.noDuration : looks.duration(p50Ms) })}
          </span>
        </span>
      )}
    </>
  );
}

/** How long a node took, and its share of the flow; of one that runs they move. */
function Measures(props: MeasuresProps) {
  return props.node.status === 'running' ? <RunningMeasures {...props} /> : <MeasureCells {...props} nowTs={0} />;
}

function RunningMeasures(props: MeasuresProps) {
  const calm = useReducedMotion();
  return <MeasureCells {...props} nowTs={useNow(calm ? 'calm' : 'fast') - useClockOffset()} />;
}

function MeasureCells({ node, flowMs, columns, color, nowTs }: MeasuresProps & { nowTs: number }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const looks = useLooks();
  const mark = useFigures().slow.markOf(node, nowTs);
  const ms = endOf(node, nowTs) - beginOf(node);
  const share = Math.min(1, Math.max(0, ms / flowMs));
  return (
    <>
      {columns.slow > 0 && (
        <span role="gridcell" className={styles.slow} style={{ width: columns.slow }}>
          {mark !== null && <SlowBadge mark={mark} />}
        </span>
      )}
      <span
        role="gridcell"
        className={styles.duration}
        style={{
          width: columns.duration,
          color: mark === null ? undefined : slowColor(theme, mark.step?.color),
        }}
      >
        {mark !== null && columns.slow === 0 && (
          <>
            <SlowBadge mark={mark} signOnly />{' '}
          </>
        )}
        {node.status === 'lost' ? looks.noDuration : looks.duration(ms)}
      </span>
      {columns.share > 0 && (
        <span role="gridcell" className={styles.share} style={{ width: columns.share }}>
          <span className={styles.trough} data-dims>
            <span
              className={styles.part}
              style={{ width: `${share * 100}%`, background: color }}
              data-testid="share-bar"
            />
          </span>
          <span className={styles.percent}>{percentText(share)}</span>
        </span>
      )}
    </>
  );
}

/** One node: its name, status in words, when it began, how long it took, and its share of the flow. */
export const OutlineRow = memo(function OutlineRow(props: Props) {
  const { flowStartedTs, flowMs, columns, ...place } = props;
  const { node } = place;
  const theme = useTheme2();
  const looks = useLooks();
  const rowStyles = useStyles2(getRowStyles);
  const styles = useStyles2(getStyles);
  const color = looks.color(theme, node.checkpoint);
  const { group } = place;
  const error = place.isPassedOn || group !== null ? '' : errorLine(node);
  const own = place.isPassedOn ? passedOnText(place.isParent) : flowStatusText(node.status);
  const status = group === null ? own : groupStatusText(group);
  const { currency } = useFigures();
  const usage = columns.tokens > 0 && group === null ? usageOf(node.attributes) : null;
  return (
    <div {...rowAttributes(place, 1, looks)} className={rowStyles.row} style={{ top: place.row * ROW_PX }}>
      <RowLabel {...place} widthPx={columns.name} color={color} />
      {columns.status > 0 && (
        <span
          role="gridcell"
          className={styles.status}
          data-failed={error !== '' || (group !== null && group.failed > 0)}
          style={{ width: columns.status }}
          title={error === '' ? status : error}
        >
          {error === '' ? status : `${status} · ${error}`}
        </span>
      )}
      {columns.started > 0 && (
        <span role="gridcell" className={styles.number} style={{ width: columns.started }}>
          {looks.offset(beginOf(node) - flowStartedTs)}
        </span>
      )}
      {columns.tokens > 0 && (
        <span role="gridcell" className={styles.number} style={{ width: columns.tokens }}>
          {usage === null ? '' : formatCount(usage.input + usage.output)}
        </span>
      )}
      {columns.cost > 0 && (
        <span role="gridcell" className={styles.number} style={{ width: columns.cost }}>
          {group !== null || node.cost === undefined || node.cost === null ? '' : formatCost(node.cost, currency)}
        </span>
      )}
      {group === null ? (
        <Measures node={node} flowMs={flowMs} columns={columns} color={color} />
      ) : (
        <GroupMeasures group={group} flowMs={flowMs} columns={columns} color={color} />
      )}
    </div>
  );
});

const getStyles = (theme: GrafanaTheme2) => {
  const number = {
    flex: 'none',
    paddingRight: 8,
    textAlign: 'right',
    whiteSpace: 'nowrap',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
  } as const;
  return {
    status: css({
      flex: 'none',
      paddingRight: 8,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontSize: 11,
      color: theme.colors.text.secondary,
      "&[data-failed='true']": { color: theme.colors.error.text },
    }),
    number: css({ ...number, color: theme.colors.text.secondary }),
    slow: css({ ...number, fontFamily: undefined, fontSize: 11 }),
    duration: css({ ...number, color: theme.colors.text.primary }),
    share: css({ display: 'flex', flex: 'none', alignItems: 'center', gap: 6, padding: '0 8px' }),
    trough: css({
      position: 'relative',
      flex: 1,
      height: 6,
      borderRadius: 3,
      overflow: 'hidden',
      background: theme.colors.background.secondary,
    }),
    part: css({ display: 'block', minWidth: 1, height: '100%', borderRadius: 3 }),
    median: css({ position: 'absolute', left: 0, top: 0, minWidth: 1, height: '100%', borderRadius: 3 }),
    typical: css({
      flex: 'none',
      textAlign: 'right',
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: 11,
      color: theme.colors.text.secondary,
    }),
    percent: css({
      flex: 'none',
      width: 34,
      textAlign: 'right',
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: 11,
      color: theme.colors.text.secondary,
    }),
  };
};
