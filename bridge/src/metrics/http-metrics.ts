import { Histogram, type Registry } from 'prom-client';
import type { ServedRequest } from '../http/observe-requests';

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Registers what tells of HTTP; returns what to call after every request. */
export function registerHttpMetrics(registry: Registry): (request: ServedRequest) => void {
  const durations = new Histogram({
    registers: [registry],
    name: 'flow_bridge_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route and class of status; "aborted": the caller left.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
  });
  return ({ method, route, status, durationMs }) => {
    const labels = {
      method: METHODS.has(method) ? method : 'other',
      route,
      status: status === undefined ? 'aborted' : `${Math.floor(status / 100)}xx`,
    };
    durations.observe(labels, durationMs / 1_000);
  };
}
