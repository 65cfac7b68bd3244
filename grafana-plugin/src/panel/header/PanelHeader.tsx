import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, IconButton, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { useEffect } from 'react';
import type { BridgeApi } from '../../bridge-api';
import { isChosen, type FlowFrameMeta, type Notice } from '../../frames/meta';
import type { PanelFlow } from '../../frames/panel-flow';
import { ClockProvider, type Clock } from '../components/clock-context';
import { FLOW_VIEWS, type FlowView } from '../options';
import { ConnectionBadge } from './ConnectionBadge';
import { FlowTitle } from './FlowTitle';
import { FollowButton } from './FollowButton';
import { MonitoringBadge } from './MonitoringBadge';
import { monitoringMenu } from './monitoring-menu';
import type { MenuGroup } from './menu-groups';
import { headerButton } from './header-button';
import { HEADER_CONTAINER, NARROW_HEADER } from './narrow';
import { PanelMenu } from './PanelMenu';
import { useMonitoring } from './use-monitoring';
import { useMonitoringSwitch } from '../../monitoring/use-monitoring-switch';
import { t } from '../../texts/t';
import { announce } from '../announce';

interface Props {
  meta: FlowFrameMeta | null;
  flows: readonly PanelFlow[];
  /** The one that is shown. */
  flow: PanelFlow | null;
  /** By which its times are counted: in a replay its own. */
  flowClock: Clock;
  /** Monitoring is switched through it; null where it can't be. */
  bridge: BridgeApi | null;
  view: FlowView;
  onView: (view: FlowView) => void;
  following: boolean;
  /** Undefined where nothing new comes. */
  onFollow?: (() => void) | undefined;
  timeZone: string;
  /** There is room for little: what is not vital is in a menu, and notices behind a sign. */
  compact: boolean;
  notices: readonly Notice[];
  /** Search, filter and what else looks for something. */
  tools: React.ReactNode;
  /** The search stands open. */
  searching: boolean;
  /** What else can be done with what is shown. */
  menu: readonly MenuGroup[];
  listOpen: boolean;
  /** Opens the list of flows; undefined when it is open anyway. */
  onList?: (() => void) | undefined;
}

const VIEWS = FLOW_VIEWS.map((value) => ({ value, label: t(`views.names.${value}`) }));

/** Height of the row, px. */
const ROW = 36;
const COMPACT_ROW = 28;

/** One row: how the data stands, and what one acts on. */
export function PanelHeader(props: Props) {
  const { meta, flows, flow, flowClock, bridge, view, onView, following, onFollow, timeZone, compact } = props;
  const { notices, menu, listOpen, onList, tools, searching } = props;
  const styles = useStyles2(getStyles);
  const monitoring = useMonitoring(meta, flow, timeZone);
  const control = useMonitoringSwitch(bridge);
  // A menu has closed by then.
  useEffect(() => {
    if (control.error !== null) announce('error', t('monitoring.not-changed'), control.error);
  }, [control.error]);
  // Without flows there is nothing to act on, and the panel's middle says why.
  const any = flow !== null;
  const chosen = meta !== null && isChosen(meta.target) ? meta : null;
  if (chosen === null && !any) return null;
  const groups: MenuGroup[] = [...menu];
  if (compact) {
    groups.unshift({
      label: t('header.view'),
      entries: VIEWS.map(({ value, label }) => ({ label, chosen: value === view, onClick: () => onView(value) })),
    });
  }
  if (compact && monitoring !== null && bridge !== null) groups.push(monitoringMenu(monitoring, control));
  return (
    <div className={styles.header} style={{ height: compact ? COMPACT_ROW : ROW }} data-testid="flow-header">
      {onList !== undefined && (
        <button
          type="button"
          className={styles.list}
          aria-expanded={listOpen}
          aria-label={t('common.flows', { count: flows.length })}
          data-testid="flow-list-toggle"
          onClick={onList}
        >
          <Icon name="list-ul" size="sm" /> {compact ? flows.length : t('common.flows', { count: flows.length })}
        </button>
      )}
      {chosen !== null && <ConnectionBadge meta={chosen} timeZone={timeZone} compact={compact} />}
      {compact && flow !== null && !searching && (
        <ClockProvider value={flowClock}>
          <FlowTitle flow={flow} />
        </ClockProvider>
      )}
      <span className={styles.space} />
      {compact && notices.length > 0 && (
        <IconButton
          name="exclamation-triangle"
          size="sm"
          variant={notices.some(({ severity }) => severity === 'error') ? 'destructive' : 'secondary'}
          aria-label={notices.map(({ text }) => text).join(' ')}
          tooltip={notices.map(({ text }) => text).join(' ')}
        />
      )}
      {any && tools}
      {any && !compact && (
        <span className={styles.fixed} data-searching={searching}>
          <RadioButtonGroup size="sm" aria-label={t('header.view')} options={VIEWS} value={view} onChange={onView} />
        </span>
      )}
      {any && onFollow !== undefined && <FollowButton following={following} compact={compact} onToggle={onFollow} />}
      <PanelMenu groups={groups} />
      {!compact && monitoring !== null && bridge !== null && (
        <MonitoringBadge bridge={bridge} monitoring={monitoring} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    ...HEADER_CONTAINER,
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0, 1),
    flex: 'none',
    overflow: 'hidden',
    fontSize: theme.typography.bodySmall.fontSize,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  list: css({
    ...headerButton(theme),
    "&[aria-expanded='true']": { background: theme.colors.action.selected, color: theme.colors.text.primary },
  }),
  space: css({ flex: '1 1 0' }),
  fixed: css({ flex: 'none', [NARROW_HEADER]: { "&[data-searching='true']": { display: 'none' } } }),
});
