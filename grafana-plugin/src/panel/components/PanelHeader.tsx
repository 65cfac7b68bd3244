import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React from 'react';
import { isChosen, type FlowFrameMeta } from '../../frames/meta';
import type { PanelFlow } from '../../frames/panel-flow';
import { plural } from '../format';
import type { FlowView } from '../options';
import { ConnectionBadge } from './ConnectionBadge';
import { MonitoringBadge } from './MonitoringBadge';

interface Props {
  meta: FlowFrameMeta | null;
  flows: readonly PanelFlow[];
  view: FlowView;
  onView: (view: FlowView) => void;
  following: boolean;
  onFollow: () => void;
  /** There is room for little. */
  compact: boolean;
  /** Opens the list of flows; undefined when it is open anyway. */
  onList?: (() => void) | undefined;
}

const VIEWS: { label: string; value: FlowView }[] = [
  { label: 'Tree', value: 'tree' },
  { label: 'Timeline', value: 'timeline' },
];

/** How the data stands, and what one acts on. */
export function PanelHeader({ meta, flows, view, onView, following, onFollow, compact, onList }: Props) {
  const styles = useStyles2(getStyles);
  const running = flows.filter((flow) => flow.status === 'running').length;
  // Without flows there is nothing to act on, and the panel's middle says why.
  const any = flows.length > 0;
  const chosen = meta !== null && isChosen(meta.subject) ? meta : null;
  if (chosen === null && !any) return null;
  return (
    <div className={styles.header}>
      {onList !== undefined && (
        <Button size="sm" variant="secondary" fill="outline" icon="list-ul" onClick={onList}>
          {plural(flows.length, 'flow')}
        </Button>
      )}
      {chosen !== null && <ConnectionBadge meta={chosen} showReason={any && !compact} />}
      {chosen !== null && <MonitoringBadge meta={chosen} />}
      {any && onList === undefined && (
        <span className={styles.counts}>
          {plural(flows.length, 'flow')}
          {running > 0 && ` · ${running} running`}
        </span>
      )}
      <span className={styles.space} />
      {any && meta?.mode === 'live' && (
        <Button
          size="sm"
          variant={following ? 'primary' : 'secondary'}
          fill="outline"
          aria-pressed={following}
          tooltip="Show the latest running flow and scroll to its latest checkpoint"
          onClick={onFollow}
        >
          {compact ? 'Follow' : 'Follow latest'}
        </Button>
      )}
      {any && (
        <span className={styles.fixed}>
          <RadioButtonGroup size="sm" aria-label="View" options={VIEWS} value={view} onChange={onView} />
        </span>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    padding: theme.spacing(0.5, 1),
    minHeight: 36,
    flex: 'none',
    fontSize: theme.typography.bodySmall.fontSize,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  counts: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
  space: css({ flex: 1 }),
  fixed: css({ flex: 'none' }),
});
