import { isChosen, onlyUser, type FlowFrameMeta, type Subject } from '../frames/meta';
import { formatLeft, plural } from './format';

/** What stands in place of flows when there are none. */
export interface EmptyText {
  readonly title: string;
  readonly hint: string;
  /** Whose monitoring a person may want to switch; null for anyone's, undefined when that does not help. */
  readonly monitoringOf?: string | null;
}

/** State of the connection as it is shown and told to tests. */
export type ShownConnection = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'offline' | 'history';

const CONNECTION_TEXT: Record<ShownConnection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  stale: 'No answer',
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
  if (meta.mode !== 'live' || !meta.ready || !isChosen(meta.subject)) return null;
  const active = meta.monitoring.filter((grant) => grant.enabled && (grant.expiresTs ?? Infinity) > nowTs);
  const userId = onlyUser(meta.subject);
  if (userId === null) {
    return { on: active.length > 0, text: `${plural(active.length, 'user')} monitored` };
  }
  const grant = active.find((candidate) => candidate.userId === userId);
  if (grant === undefined) return { on: false, text: 'Monitoring off' };
  const left = grant.expiresTs === null ? '' : ` · ${formatLeft(grant.expiresTs - nowTs)}`;
  return { on: true, text: `Monitoring on${left}` };
}

function namesOf({ select, ids }: Subject): string {
  return ids.length === 1 ? `${select} ${ids[0]}` : `these ${ids.length} ${select}s`;
}

/** Why there is nothing to see, and what to do about it. */
export function emptyText(meta: FlowFrameMeta | null, nowTs: number): EmptyText {
  if (meta === null) {
    return {
      title: 'No flows in this data',
      hint: 'Choose the datasource “Flow tracking”, or a query of another datasource that gives a trace (Tempo, Jaeger, Zipkin).',
    };
  }
  const { select } = meta.subject;
  if (!isChosen(meta.subject)) {
    return { title: `No ${select} is chosen`, hint: `Choose a ${select}: the query’s ${select} id is empty.` };
  }
  if (meta.mode === 'history') {
    if (select === 'flow' || select === 'session') {
      const hint = 'History holds a flow about a second after its first checkpoint, until its retention ends.';
      const what = meta.subject.ids.length === 1 ? namesOf(meta.subject) : `flows of ${namesOf(meta.subject)}`;
      return { title: `No ${what} in history`, hint };
    }
    const ofUsers = select === 'user' ? `of ${namesOf(meta.subject)} ` : '';
    return { title: `No flows ${ofUsers}in this time range`, hint: 'Try a longer one.' };
  }
  if (!meta.ready) {
    const { state, text, reason } = connectionText(meta);
    return state === 'connecting' || state === 'live'
      ? { title: 'Connecting to the bridge …', hint: '' }
      : { title: text, hint: reason ?? 'The bridge does not answer; trying again.' };
  }
  const monitoring = monitoringText(meta, nowTs);
  const userId = onlyUser(meta.subject);
  if (userId === null) {
    return monitoring?.on === true
      ? { title: 'Waiting for the first request', hint: `${monitoring.text}.` }
      : {
          title: select === 'everyone' ? 'Nobody is monitored' : `No flows of ${namesOf(meta.subject)} yet`,
          hint: 'Switch monitoring on for a user to see flows live.',
          monitoringOf: null,
        };
  }
  return monitoring?.on === true
    ? {
        title: `Waiting for the first request of user ${userId}`,
        hint: `${monitoring.text}.`,
        monitoringOf: userId,
      }
    : {
        title: `No flows of user ${userId} yet`,
        hint: 'Monitoring is off for this user: switch it on to see flows as they happen.',
        monitoringOf: userId,
      };
}
