import type {
  AuditPage,
  CheckpointHistogram,
  CheckpointList,
  CheckpointStats,
  CheckList,
  CheckpointSummary,
  FlowDetail,
  FlowPage,
  FlowStatus,
  HistogramMeasure,
  MonitoringDisabled,
  MonitoringEnabled,
  MonitoringList,
  RunningFlows,
  ServiceList,
  SessionDetail,
  SlowCheckpoints,
  UserErased,
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
  /** What was answered, as it was. */
  readonly data: unknown;
  constructor({ status, code, message }: FailedRequest, data: unknown = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
  }
}

/** A span of time, epoch ms. */
export interface TimeFilter {
  readonly from?: number;
  readonly to?: number;
}

/** Whose flows; of several values one passes. What is left out lets everything pass, an empty text is refused. */
export interface OwnerFilter {
  readonly user?: string | readonly string[];
  readonly session?: readonly string[];
  readonly service?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly min_duration_ms?: number;
}

/** Filters of a list of flows. */
export interface FlowFilter extends OwnerFilter, TimeFilter {
  readonly status?: readonly FlowStatus[];
  /** Text that flows contain. */
  readonly q?: string;
  readonly limit?: number;
  readonly cursor?: string | undefined;
}

/** Filters of what runs. */
export type RunningFilter = Omit<OwnerFilter, 'session'> & { readonly limit?: number };

/** Filters of figures. */
export interface StatsFilter extends TimeFilter {
  readonly checkpoint?: readonly string[];
  /** Width of a slot, s. */
  readonly interval?: number;
}

/** Filters of lists that variables are made of. */
export interface SelectorFilter {
  readonly q?: string;
  readonly limit?: number;
}

/** What `/healthz` answers; bridges before the first release do not tell the protocol. */
export interface BridgeHealth {
  readonly protocol?: number;
}

/** What `/readyz` answers: of each part `ok`, or why not. */
export interface BridgeReadiness {
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * The bridge's HTTP API, through Grafana's datasource proxy. Every call rejects with {@link BridgeRequestError}. A call
 * with a cursor gives the page after the one whose `next_cursor` that was.
 */
export interface BridgeApi {
  health(signal?: AbortSignal): Promise<BridgeHealth>;
  /** Also where it is not ready. */
  ready(): Promise<BridgeReadiness>;
  users(filter?: SelectorFilter, signal?: AbortSignal): Promise<UserList>;
  services(filter?: SelectorFilter, signal?: AbortSignal): Promise<ServiceList>;
  /** Names of checkpoints that ended in the last 24 hours. */
  checkpoints(filter?: SelectorFilter, signal?: AbortSignal): Promise<CheckpointList>;
  running(filter: RunningFilter, signal?: AbortSignal): Promise<RunningFlows>;
  flows(filter: FlowFilter, signal?: AbortSignal): Promise<FlowPage>;
  flow(flowId: string, cursor?: string, signal?: AbortSignal): Promise<FlowDetail>;
  session(sessionId: string, cursor?: string, signal?: AbortSignal): Promise<SessionDetail>;
  /** What checkpoints did; in the last 24 hours, where no time is given. */
  checkpointSummary(filter?: Omit<StatsFilter, 'interval'>, signal?: AbortSignal): Promise<CheckpointSummary>;
  checkpointStats(filter: StatsFilter, signal?: AbortSignal): Promise<CheckpointStats>;
  checkpointHistogram(
    filter: StatsFilter & { of: HistogramMeasure },
    signal?: AbortSignal,
  ): Promise<CheckpointHistogram>;
  slowCheckpoints(
    filter: OwnerFilter & TimeFilter & { factor?: number; limit?: number },
    signal?: AbortSignal,
  ): Promise<SlowCheckpoints>;
  monitoring(): Promise<MonitoringList>;
  audit(filter: TimeFilter & { limit?: number; cursor?: string | undefined }, signal?: AbortSignal): Promise<AuditPage>;
  /** @param reason kept in the audit */
  enableMonitoring(userId: string, ttlHours: number, reason?: string): Promise<MonitoringEnabled>;
  disableMonitoring(userId: string, reason?: string): Promise<MonitoringDisabled>;
  /** For Admins. */
  eraseUser(userId: string, reason?: string): Promise<UserErased>;
  /** Looks at the whole chain; for Editors. @param keepFlow leaves the test flow in history */
  checks(keepFlow: boolean): Promise<CheckList>;
}

/**
 * @param proxyUrl the datasource's own URL, as Grafana gives it
 */
export function createBridgeApi(proxyUrl: string): BridgeApi {
  const request = async <T>(
    method: 'GET' | 'POST' | 'DELETE',
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
      const data = (failure as { data?: unknown } | null)?.data;
      throw new BridgeRequestError(describeFailure(failure), data);
    }
  };
  // Ids of people and sessions are parameters, since no path segment can be "." or "..". A flow's id is always plain.
  return {
    health: (signal) => request('GET', '/healthz', {}, signal),
    ready: () =>
      request<BridgeReadiness>('GET', '/readyz').catch((error: unknown) => {
        const data: unknown = error instanceof BridgeRequestError ? error.data : null;
        if (typeof data === 'object' && data !== null && 'checks' in data) return data as BridgeReadiness;
        throw error;
      }),
    users: (filter, signal) => request('GET', '/api/v1/users', filter, signal),
    services: (filter, signal) => request('GET', '/api/v1/services', filter, signal),
    checkpoints: (filter, signal) => request('GET', '/api/v1/checkpoints', filter, signal),
    running: (filter, signal) => request('GET', '/api/v1/flows/running', filter, signal),
    flows: (filter, signal) => request('GET', '/api/v1/flows', filter, signal),
    flow: (flowId, cursor, signal) => request('GET', `/api/v1/flows/${encodeURIComponent(flowId)}`, { cursor }, signal),
    session: (sessionId, cursor, signal) =>
      request('GET', '/api/v1/flows/session', { session: sessionId, cursor }, signal),
    checkpointSummary: (filter, signal) => request('GET', '/api/v1/stats/checkpoints/summary', filter, signal),
    checkpointStats: (filter, signal) => request('GET', '/api/v1/stats/checkpoints', filter, signal),
    checkpointHistogram: (filter, signal) => request('GET', '/api/v1/stats/checkpoints/histogram', filter, signal),
    slowCheckpoints: (filter, signal) => request('GET', '/api/v1/checkpoints/slow', filter, signal),
    monitoring: () => request('GET', '/api/v1/monitoring/list'),
    audit: (filter, signal) => request('GET', '/api/v1/monitoring/audit', filter, signal),
    enableMonitoring: (userId, ttlHours, reason) =>
      request('POST', '/api/v1/monitoring/enable', { user: userId, ttl_hours: ttlHours, reason }),
    disableMonitoring: (userId, reason) => request('POST', '/api/v1/monitoring/disable', { user: userId, reason }),
    eraseUser: (userId, reason) => request('DELETE', '/api/v1/users', { user: userId, reason }),
    checks: (keepFlow) => request('GET', '/api/v1/checks', { keep_flow: keepFlow }),
  };
}
