import type { FlowFrameMeta } from '../frames/meta';
import { formatLeft, plural } from './format';

/** What stands in place of flows when there are none. */
export interface EmptyText {
  readonly title: string;
  readonly hint: string;
  /** The user for whom the monitoring page helps; null for anyone, undefined when it does not help. */
  readonly monitoringOf?: string | null;
}

/** State of the connection as it is shown and told to tests. */
export type ShownConnection = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'history';

const CONNECTION_TEXT: Record<ShownConnection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  offline: 'Offline',
  history: 'History',
};

export function connectionText(meta: FlowFrameMeta): { state: ShownConnection; text: string; reason: string | null } {
  const state = meta.connection?.state ?? 'history';
  return { state, text: CONNECTION_TEXT[state], reason: meta.connection?.reason ?? null };
}

/** Whether monitoring is on and for how long; null where it plays no part, or is not known yet. */
export function monitoringText(meta: FlowFrameMeta, nowTs: number): { on: boolean; text: string } | null {
  if (meta.mode !== 'live' || !meta.ready) return null;
  const active = meta.monitoring.filter((grant) => grant.enabled && (grant.expiresTs ?? Infinity) > nowTs);
  if (meta.subject.userId === null) {
    return { on: active.length > 0, text: `${plural(active.length, 'user')} monitored` };
  }
  const grant = active.find((candidate) => candidate.userId === meta.subject.userId);
  if (grant === undefined) return { on: false, text: 'Monitoring off' };
  const left = grant.expiresTs === null ? '' : ` · ${formatLeft(grant.expiresTs - nowTs)}`;
  return { on: true, text: `Monitoring on${left}` };
}

/** Why there is nothing to see, and what to do about it. */
export function emptyText(meta: FlowFrameMeta | null, nowTs: number): EmptyText {
  if (meta === null) {
    return {
      title: 'No flows in this data',
      hint: 'This panel draws flows. Choose the datasource “Flow tracking” and the query type Live or History.',
    };
  }
  const { userId, sessionId, flowId } = meta.subject;
  if (meta.mode === 'history') {
    const hint = 'History holds a flow about a second after its first checkpoint, until its retention ends.';
    if (flowId !== null) return { title: `No flow ${flowId} in history`, hint };
    if (sessionId !== null) return { title: `No session ${sessionId} in history`, hint };
    return {
      title: `No flows ${userId === null ? '' : `of user ${userId} `}in this time range`,
      hint: 'Try a longer one.',
    };
  }
  if (!meta.ready) {
    const { state, text, reason } = connectionText(meta);
    return state === 'connecting' || state === 'live'
      ? { title: 'Connecting to the bridge …', hint: '' }
      : { title: text, hint: reason ?? 'The bridge does not answer; trying again.' };
  }
  const monitoring = monitoringText(meta, nowTs);
  if (userId === null) {
    return monitoring?.on === true
      ? { title: 'Waiting for the first request', hint: `${monitoring.text}.` }
      : {
          title: 'Nobody is monitored',
          hint: 'Switch monitoring on for a user to see flows live.',
          monitoringOf: null,
        };
  }
  return monitoring?.on === true
    ? { title: `Waiting for the first request of user ${userId}`, hint: `${monitoring.text}.` }
    : {
        title: `No flows of user ${userId} yet`,
        hint: 'Monitoring is off for this user: switch it on to see flows as they happen.',
        monitoringOf: userId,
      };
}
