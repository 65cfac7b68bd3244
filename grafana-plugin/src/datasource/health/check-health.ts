import type { TestDataSourceResponse } from '@grafana/data';
import type { BridgeApi } from '../../bridge-api';
import { t } from '../../texts/t';
import { messageOf } from '../message-of';
import { versionProblem } from '../version-problem';
import type { SocketOutcome } from './try-socket';

export type HealthApi = Pick<BridgeApi, 'health' | 'ready' | 'users'>;

const failed = (message: string): TestDataSourceResponse => ({ status: 'error', message });

/** Why the bridge can't do its work, or null: `/readyz` says it with 503, too. */
async function unreadyReason(api: HealthApi): Promise<string | null> {
  const { checks } = await api.ready();
  const isDown = (name: string): boolean => checks[name] !== undefined && checks[name] !== 'ok';
  const reason = (name: string): string => checks[name] ?? '';
  if (isDown('postgres')) return t('health.postgres', { reason: reason('postgres') });
  if (isDown('redis')) return t('health.redis', { reason: reason('redis') });
  return null;
}

/**
 * Looks, in this order, whether the bridge answers, speaks this version of the protocol, takes the read token, reaches
 * Postgres and Redis, and can be reached by WebSocket. Says of the first that fails what to do.
 */
export async function checkHealth(
  api: HealthApi,
  openSocket: () => Promise<SocketOutcome>,
): Promise<TestDataSourceResponse> {
  let protocol: number | undefined;
  try {
    protocol = (await api.health()).protocol;
  } catch (error) {
    return failed(messageOf(error));
  }
  const foreign = versionProblem(protocol);
  if (foreign !== null) return failed(`${foreign.found} ${foreign.fix}`);
  try {
    const unready = await unreadyReason(api);
    if (unready !== null) return failed(unready);
    const { users } = await api.users({ limit: 500 });
    const outcome = await openSocket();
    if (outcome !== 'open') {
      const text = outcome === 'silent' ? t('health.socket-silent') : t('health.socket-refused');
      return { status: 'warning', message: text };
    }
    return { status: 'success', message: t('health.works', { count: users.length }) };
  } catch (error) {
    return failed(t('health.unreadable', { reason: messageOf(error) }));
  }
}
