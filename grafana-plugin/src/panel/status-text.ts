import { isChosen, onlyUser, type FlowFrameMeta, type Target } from '../frames/meta';
import { t } from '../texts/t';
import { formatLeft } from './format';

/** What stands in place of flows when there are none. */
export interface EmptyText {
  readonly title: string;
  readonly hint: string;
  /** Whose monitoring a person may want to switch; null for anyone's, undefined when that does not help. */
  readonly monitoringOf?: string | null;
}

/** State of the connection as it is shown and told to tests. */
export type ShownConnection = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'offline' | 'history';

export function connectionText(meta: FlowFrameMeta): { state: ShownConnection; text: string; reason: string | null } {
  const state = meta.connection?.state ?? 'history';
  const overHttp = meta.connection?.overHttp;
  if (state === 'live' && overHttp !== undefined) {
    return { state, text: t('connection.over-http'), reason: t(`connection.over-http-reasons.${overHttp}`) };
  }
  return { state, text: t(`connection.states.${state}`), reason: meta.connection?.reason ?? null };
}

/** Whether monitoring is on and for how long; null where it plays no part, or is not known yet. */
export function monitoringText(meta: FlowFrameMeta, nowTs: number): { on: boolean; text: string } | null {
  if (meta.mode !== 'live' || !meta.ready || !isChosen(meta.target)) return null;
  const active = meta.monitoring.filter((grant) => grant.enabled && (grant.expiresTs ?? Infinity) > nowTs);
  const userId = onlyUser(meta.target);
  if (userId === null) {
    return { on: active.length > 0, text: t('monitoring.users', { count: active.length }) };
  }
  const grant = active.find((candidate) => candidate.userId === userId);
  if (grant === undefined) return { on: false, text: t('monitoring.off') };
  if (grant.expiresTs === null) return { on: true, text: t('monitoring.on') };
  return { on: true, text: t('monitoring.on-and-left', { left: formatLeft(grant.expiresTs - nowTs) }) };
}

function notInHistory({ select, ids }: Target): string {
  const [id = ''] = ids;
  if (select === 'flow') {
    return ids.length === 1
      ? t('empty.no-flow-in-history', { id })
      : t('empty.no-flows-in-history', { count: ids.length });
  }
  return ids.length === 1
    ? t('empty.no-session-in-history', { id })
    : t('empty.no-flows-of-sessions-in-history', { count: ids.length });
}

function notInRange({ select, ids }: Target): string {
  const [id = ''] = ids;
  if (select !== 'user') return t('empty.no-flows-in-range');
  return ids.length === 1
    ? t('empty.no-flows-of-user-in-range', { id })
    : t('empty.no-flows-of-users-in-range', { count: ids.length });
}

/** Why there is nothing to see, and what to do about it. */
export function emptyText(meta: FlowFrameMeta | null, nowTs: number): EmptyText {
  if (meta === null) {
    return {
      title: t('empty.no-data'),
      hint: t('empty.no-data-hint'),
    };
  }
  const { select, ids } = meta.target;
  if (select !== 'everyone' && ids.length === 0) {
    return { title: t(`empty.not-chosen.${select}`), hint: t(`empty.not-chosen-hint.${select}`) };
  }
  if (meta.mode === 'history') {
    return select === 'flow' || select === 'session'
      ? { title: notInHistory(meta.target), hint: t('empty.history-hint') }
      : { title: notInRange(meta.target), hint: t('empty.range-hint') };
  }
  if (!meta.ready) {
    const { state, text, reason } = connectionText(meta);
    return state === 'connecting' || state === 'live'
      ? { title: t('empty.connecting'), hint: reason ?? '' }
      : { title: text, hint: reason ?? t('empty.bridge-silent') };
  }
  const monitoring = monitoringText(meta, nowTs);
  const userId = onlyUser(meta.target);
  if (userId === null) {
    return monitoring?.on === true
      ? { title: t('empty.waiting'), hint: t('empty.monitoring-state', { state: monitoring.text }) }
      : {
          title:
            select === 'everyone' ? t('empty.nobody-monitored') : t('empty.no-flows-of-users', { count: ids.length }),
          hint: t('empty.monitor-users-hint'),
          monitoringOf: null,
        };
  }
  return monitoring?.on === true
    ? {
        title: t('empty.waiting-for-user', { id: userId }),
        hint: t('empty.monitoring-state', { state: monitoring.text }),
        monitoringOf: userId,
      }
    : {
        title: t('empty.no-flows-of-user', { id: userId }),
        hint: t('empty.monitor-user-hint'),
        monitoringOf: userId,
      };
}
