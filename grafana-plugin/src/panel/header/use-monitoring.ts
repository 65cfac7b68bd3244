import { dateTimeFormat, locationUtil } from '@grafana/data';
import { monitoringPagePath } from '../../constants';
import { isChosen, type FlowFrameMeta } from '../../frames/meta';
import type { PanelFlow } from '../../frames/panel-flow';
import { useClockOffset } from '../components/clock-context';
import { monitoringText } from '../status-text';
import { useWallNow } from '../ticker';
import {
  monitoredUser,
  userMonitoring,
  type FormatTime,
  type MonitoredUser,
  type UserMonitoring,
} from './user-monitoring';

/** Monitoring as the header says it. */
export interface ShownMonitoring {
  readonly on: boolean;
  readonly text: string;
  /** Where it is managed. */
  readonly href: string;
  /** Null where several users are shown, and the flow that is shown has none. */
  readonly user: (MonitoredUser & UserMonitoring) | null;
  /** The servers' time, epoch ms, to the second. */
  readonly nowTs: number;
  /** The connection is not live, so all of this may be out of date. */
  readonly isStale: boolean;
}

/** The way to where monitoring is managed, for a user when there is one. */
export function monitoringHref(userId: string | null): string {
  return locationUtil.assureBaseUrl(monitoringPagePath(userId));
}

/** Whether the users are monitored and for how long; null where monitoring plays no part, or is not known yet. */
export function useMonitoring(
  meta: FlowFrameMeta | null,
  flow: Pick<PanelFlow, 'userId'> | null,
  timeZone: string,
): ShownMonitoring | null {
  // A grant that has just begun is newer than the last tick.
  const nowTs = Math.max(useWallNow('calm'), Date.now()) - useClockOffset();
  const monitoring = meta === null || !isChosen(meta.target) ? null : monitoringText(meta, nowTs);
  if (monitoring === null || meta === null) return null;
  const user = monitoredUser(meta, flow);
  const formatTime: FormatTime = (ts, format) => dateTimeFormat(ts, { timeZone, format });
  return {
    ...monitoring,
    href: monitoringHref(user?.userId ?? null),
    user: user === null ? null : { ...user, ...userMonitoring(meta, user.userId, nowTs, formatTime) },
    nowTs,
    isStale: meta.connection?.state !== 'live',
  };
}
