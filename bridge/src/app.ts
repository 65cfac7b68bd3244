import express, { type Express, type Request } from 'express';
import type { Access } from './access/access';
import { setCaller } from './access/caller';
import { limitChanges } from './access/change-limit';
import { CHECKS_PATH, mountChecks, type ChecksOptions } from './checks/checks-endpoint';
import { mountHealth, type HealthOptions } from './checks/health-endpoint';
import { createEndpoints } from './http/endpoint';
import { createErrorHandler, refuseUnknownPath } from './http/errors';
import { observeRequests } from './http/observe-requests';
import { mountOpenApi } from './http/openapi';
import { mountLive, type LiveOptions } from './live/polls-endpoint';
import type { Metrics } from './metrics/metrics';
import { mountMetrics } from './metrics/metrics-endpoint';
import { mountErasure, type ErasureOptions } from './monitoring/erasure-endpoints';
import { mountMonitoring, type MonitoringOptions } from './monitoring/monitoring-endpoints';
import { mountOtlp, type OtlpOptions } from './otlp/otlp-endpoint';
import type { Logger } from './platform/logger';
import { mountExport, type ExportOptions } from './query/export/export-endpoint';
import { mountFlows, type FlowsOptions } from './query/flows/flows-endpoints';
import { mountRunning, type RunningOptions } from './query/running/running-endpoint';
import { mountSelectors, type SelectorsOptions } from './query/selectors/selectors-endpoints';
import { mountStats, type StatsOptions } from './query/stats/stats-endpoints';

export interface AppOptions
  extends
    HealthOptions,
    FlowsOptions,
    RunningOptions,
    ExportOptions,
    LiveOptions,
    StatsOptions,
    SelectorsOptions,
    ErasureOptions,
    MonitoringOptions,
    OtlpOptions,
    ChecksOptions {
  access: Access;
  metrics: Metrics;
  /** Whether `/metrics` asks for no token. */
  metricsOpen: boolean;
  /** Requests a minute, by one token, that may change something. */
  changesPerMinute: number;
  logger: Logger;
}

/** The HTTP side of the bridge. Health is open; all else takes a token, and what is not known is refused. */
export function createApp(options: AppOptions): Express {
  const { access, metrics, metricsOpen, logger } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // Most answers change with every event; those that do not have a tag of their own.
  app.set('etag', false);

  app.use(observeRequests(metrics.onRequest, logger));
  const endpoints = createEndpoints(app);
  mountHealth(endpoints, options);
  app.use((req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    access.checkSource(req.headers);
    next();
  });
  if (metricsOpen) mountMetrics(endpoints, metrics, { isOpen: true });
  // Before what asks for other tokens, and counts changes.
  mountOtlp(endpoints, options);
  const countChange = limitChanges(options.changesPerMinute);
  app.use((req, res, next) => {
    setCaller(res, access.authorize(req, isChange(req) ? 'control' : 'read'));
    if (isChange(req)) void countChange(req, res, next);
    else next();
  });
  app.use(CHECKS_PATH, (req, res, next) => {
    // Has been counted above.
    if (isChange(req)) return next();
    access.authorize(req, 'control');
    void countChange(req, res, next);
  });
  if (!metricsOpen) mountMetrics(endpoints, metrics, { isOpen: false });
  mountChecks(endpoints, options);
  mountMonitoring(endpoints, options);
  // Before the flows, of which one may be asked for by any id.
  mountExport(endpoints, options);
  mountRunning(endpoints, options);
  mountFlows(endpoints, options);
  mountLive(endpoints, options);
  mountStats(endpoints, options);
  mountSelectors(endpoints, options);
  mountErasure(endpoints, options);
  mountOpenApi(endpoints);
  endpoints.refuseOtherMethods();
  app.use(refuseUnknownPath);
  app.use(createErrorHandler(logger));
  return app;
}

const isChange = ({ method }: Request): boolean => method !== 'GET' && method !== 'HEAD';
