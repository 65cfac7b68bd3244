import type {
  FlowDetail,
  FlowPage,
  MonitoringDisabled,
  MonitoringEnabled,
  MonitoringList,
  SessionDetail,
  UserList,
} from '@flow-tracking/protocol';
import { getBackendSrv } from '@grafana/runtime';
import { firstValueFrom } from 'rxjs';
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
  readonly user?: string | undefined;
  readonly session?: string | undefined;
  /** Epoch ms. */
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
}

/** The bridge's HTTP API, through Grafana's datasource proxy. Every call rejects with {@link BridgeRequestError}. */
export interface BridgeApi {
  health(): Promise<void>;
  users(): Promise<UserList>;
  flows(filter: FlowFilter): Promise<FlowPage>;
  flow(flowId: string, cursor?: string): Promise<FlowDetail>;
  session(sessionId: string): Promise<SessionDetail>;
  monitoring(): Promise<MonitoringList>;
  enableMonitoring(userId: string, ttlHours: number): Promise<MonitoringEnabled>;
  disableMonitoring(userId: string): Promise<MonitoringDisabled>;
}

/**
 * @param proxyUrl the datasource's own URL, as Grafana gives it
 */
export function createBridgeApi(proxyUrl: string): BridgeApi {
  const request = async <T>(method: 'GET' | 'POST', path: string, params: object = {}): Promise<T> => {
    try {
      const response = await firstValueFrom(
        getBackendSrv().fetch<T>({
          url: `${proxyUrl}${path}`,
          method,
          params: Object.fromEntries(
            Object.entries(params).filter(([, value]) => value !== undefined && value !== ''),
          ) as Record<string, unknown>,
          ...(method === 'POST' ? { data: {} } : {}),
          showErrorAlert: false,
        }),
      );
      return response.data;
    } catch (failure) {
      throw new BridgeRequestError(describeFailure(failure));
    }
  };
  const id = encodeURIComponent;
  return {
    health: () => request('GET', '/healthz'),
    users: () => request('GET', '/api/v1/users'),
    flows: (filter) => request('GET', '/api/v1/flows', filter),
    flow: (flowId, cursor) => request('GET', `/api/v1/flows/${id(flowId)}`, { cursor }),
    session: (sessionId) => request('GET', `/api/v1/flows/session/${id(sessionId)}`),
    monitoring: () => request('GET', '/api/v1/monitoring/list'),
    enableMonitoring: (userId, ttlHours) =>
      request('POST', `/api/v1/monitoring/enable/${id(userId)}`, { ttl_hours: ttlHours }),
    disableMonitoring: (userId) => request('POST', `/api/v1/monitoring/disable/${id(userId)}`),
  };
}
