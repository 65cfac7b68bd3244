import { onlyUser, type FlowFrameMeta } from '../../frames/meta';
import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { formatLeft } from '../format';

/** How monitoring of one user stands. */
export interface UserMonitoring {
  readonly on: boolean;
  /** Epoch ms; null when off, or for good. */
  readonly expiresTs: number | null;
  readonly sentence: string;
}

/** A time in the dashboard's zone; `format` as moment takes it. */
export type FormatTime = (ts: number, format: string) => string;

/** Whose monitoring the panel switches. */
export interface MonitoredUser {
  readonly userId: string;
  /** Several users are shown, and this one is the shown flow's. */
  readonly isOfFlow: boolean;
}

/** The user that the query asks for; where it asks for more than one, the user of the flow that is shown. */
export function monitoredUser(
  { target }: Pick<FlowFrameMeta, 'target'>,
  flow: Pick<PanelFlow, 'userId'> | null,
): MonitoredUser | null {
  const only = onlyUser(target);
  if (only !== null) return { userId: only, isOfFlow: false };
  const userId = flow?.userId ?? null;
  return userId === null ? null : { userId, isOfFlow: true };
}

/** The same time of another day needs its date. */
function untilText(expiresTs: number, nowTs: number, formatTime: FormatTime): string {
  const isToday = formatTime(expiresTs, 'YYYY-MM-DD') === formatTime(nowTs, 'YYYY-MM-DD');
  return formatTime(expiresTs, isToday ? 'HH:mm' : 'YYYY-MM-DD HH:mm');
}

/** `On for user 123, 42 min left, until 14:05.` */
export function userMonitoring(
  { monitoring }: Pick<FlowFrameMeta, 'monitoring'>,
  userId: string,
  nowTs: number,
  formatTime: FormatTime,
): UserMonitoring {
  const grant = monitoring.find((candidate) => candidate.userId === userId && candidate.enabled);
  const expiresTs = grant?.expiresTs ?? null;
  if (grant === undefined || (expiresTs !== null && expiresTs <= nowTs)) {
    return {
      on: false,
      expiresTs: null,
      sentence: t('monitoring.off-for-user', { id: userId }),
    };
  }
  if (expiresTs === null) return { on: true, expiresTs, sentence: t('monitoring.on-for-user', { id: userId }) };
  const [left, until] = [formatLeft(expiresTs - nowTs), untilText(expiresTs, nowTs, formatTime)];
  return { on: true, expiresTs, sentence: t('monitoring.on-for-user-until', { id: userId, left, until }) };
}
