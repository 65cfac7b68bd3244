import type {
  CheckpointSummary,
  FlowDetail,
  FlowPage,
  MonitoringDisabled,
  MonitoringEnabled,
  MonitoringList,
  SessionDetail,
  UserList,
} from '@flow-tracking/protocol';
import { getBackendSrv } from '@grafana/runtime';
import { firstValueFrom, fromEvent, takeUntil } from 'rxjs';
import { describeFailure, type FailedRequest } from './http-errors';

/** A request to the bridge that failed; decide by `code` and `status`. */
export class BridgeRequestError extends Error {
  override readonly name = 'BridgeRequestError';
  readonly status: number;
  readonly code: string | null;
  constructor({ status, code, message }: FailedRequest) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Filters of a list of flows. */
export interface FlowFilter {
  /** Without it flows of all users. An empty one is refused by the bridge, never taken for none. */
  readonly user?: string;
  /** Epoch ms. */
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
  readonly cursor?: string | undefined;
}

/**
 * The bridge's HTTP API, through Grafana's datasource proxy. Every call rejects with {@link BridgeRequestError}. A call
 * with a cursor gives the page after the one whose `next_cursor` that was.
 */
export interface BridgeApi {
  health(): Promise<void>;
  users(): Promise<UserList>;
  flows(filter: FlowFilter, signal?: AbortSignal): Promise<FlowPage>;
  flow(flowId: string, cursor?: string, signal?: AbortSignal): Promise<FlowDetail>;
  session(sessionId: string, cursor?: string, signal?: AbortSignal): Promise<SessionDetail>;
  /** What checkpoints did in the last 24 hours. */
  checkpointSummary(): Promise<CheckpointSummary>;
  monitoring(): Promise<MonitoringList>;
  /** @param reason kept in the audit */
  enableMonitoring(userId: string, ttlHours: number, reason?: string): Promise<MonitoringEnabled>;
  disableMonitoring(userId: string, reason?: string): Promise<MonitoringDisabled>;
}

/**
 * @param proxyUrl the datasource's own URL, as Grafana gives it
 */
export function createBridgeApi(proxyUrl: string): BridgeApi {
  const request = async <T>(
    method: 'GET' | 'POST',
    path: string,
    params: object = {},
    signal?: AbortSignal,
  ): Promise<T> => {
    const answer = getBackendSrv().fetch<T>({
      url: `${proxyUrl}${path}`,
      method,
      params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
      ...(method === 'POST' ? { data: {} } : {}),
      showErrorAlert: false,
    });
    try {
      signal?.throwIfAborted();
      // Who no longer wants the answer ends the request.
      const wanted = signal === undefined ? answer : answer.pipe(takeUntil(fromEvent(signal, 'abort')));
      return (await firstValueFrom(wanted)).data;
    } catch (failure) {
      throw new BridgeRequestError(describeFailure(failure));
    }
  };
  // Ids of people and sessions are parameters, since no path segment can be "." or "..". A flow's id is always plain.
  return {
    health: () => request('GET', '/healthz'),
    users: () => request('GET', '/api/v1/users'),
    flows: (filter, signal) => request('GET', '/api/v1/flows', filter, signal),
    flow: (flowId, cursor, signal) => request('GET', `/api/v1/flows/${encodeURIComponent(flowId)}`, { cursor }, signal),
    session: (sessionId, cursor, signal) =>
      request('GET', '/api/v1/flows/session', { session: sessionId, cursor }, signal),
    checkpointSummary: () => request('GET', '/api/v1/stats/checkpoints/summary'),
    monitoring: () => request('GET', '/api/v1/monitoring/list'),
    enableMonitoring: (userId, ttlHours, reason) =>
      request('POST', '/api/v1/monitoring/enable', { user: userId, ttl_hours: ttlHours, reason }),
    disableMonitoring: (userId, reason) => request('POST', '/api/v1/monitoring/disable', { user: userId, reason }),
  };
}
